import { type ChildProcess, spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { Subscription } from '../../src/billing/subscriptions/subscription.entity.ts';
import { readBackfillArguments } from '../../src/ingestion/backfill/read-backfill-arguments.ts';
import { type Billgraph, createTenant, startBillgraph, type TestTenant } from '../rig/billgraph.ts';
import { builtServer } from '../rig/built-server.ts';
import { ask } from '../rig/graph.ts';
import { type StripeProxy, startStripeProxy } from '../rig/stripe-proxy.ts';

/** `npm run backfill` as a process of its own, on the database of a server whose worker is off. */

const root = join(import.meta.dirname, '../..');
const encryptionKey = randomBytes(32);
let billgraph: Billgraph;
let tenant: TestTenant;
let proxy: StripeProxy;
let entry: string;
beforeAll(async () => {
  entry = await builtServer('run-backfill');
  billgraph = await startBillgraph({ encryptionKeys: [encryptionKey] });
  tenant = await createTenant(billgraph);
  await billgraph.app.worker!.stop();
  proxy = await startStripeProxy(() => billgraph.sandbox.url);
});
afterAll(async () => {
  proxy.close();
  await billgraph.close();
});

type Run = { child: ChildProcess; output(): string; exited: Promise<number | null> };

function backfill(args: string[], variables: Record<string, string> = {}): Run {
  const child = spawn(process.execPath, [entry, ...args], {
    cwd: root,
    env: {
      PATH: process.env.PATH,
      DATABASE_URL: billgraph.databaseUrl,
      ENCRYPTION_KEY: encryptionKey.toString('base64'),
      STRIPE_API_URL: proxy.url,
      STRIPE_TEST_READS_PER_SECOND: '10000',
      ...variables,
    },
  });
  let output = '';
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (chunk) => (output += chunk));
  const exited = new Promise<number | null>((resolve) => child.once('close', resolve));
  return { child, output: () => output, exited };
}

const rows = () => billgraph.app.orm.em.fork().count(Subscription, {});
const progress = async () => {
  const document = '{ backfills(last: 1) { nodes { state progress { object seen applied skipped failed } } } }';
  return (await ask(billgraph, tenant.apiKey, document)).data.backfills.nodes[0];
};

describe('npm run backfill', { timeout: 60_000 }, () => {
  it('is killed in the middle of a page, and goes on: nothing lost, nothing counted twice', async () => {
    const { stripe } = tenant;
    const product = await stripe.products.create({ name: 'Old' });
    const price = await stripe.prices.create({
      product: product.id,
      currency: 'usd',
      unit_amount: 900,
      recurring: { interval: 'month' },
    });
    const subscribers: string[] = [];
    for (let batch = 0; batch < 13; batch++) {
      const made = Array.from({ length: 8 }, async () => {
        const customer = await stripe.customers.create({});
        await stripe.subscriptions.create({
          customer: customer.id,
          items: [{ price: price.id }],
          collection_method: 'send_invoice',
          days_until_due: 30,
        });
        return customer.id;
      });
      subscribers.push(...(await Promise.all(made)));
    }
    const [oldest] = (
      await stripe.subscriptions.list({ limit: 100, status: 'all' }).autoPagingToArray({ limit: 200 })
    ).slice(-1);

    const held = `GET /v1/customers/${oldest!.customer}`;
    proxy.instead.set(held, 'no answer');
    const first = backfill(['--objects', 'subscriptions', '--project', tenant.projectId]);
    await expect.poll(rows, { timeout: 30_000, interval: 50 }).toBe(103);
    first.child.kill('SIGKILL');
    await first.exited;
    proxy.instead.delete(held);
    expect(await progress()).toMatchObject({ state: 'RUNNING', progress: [{ seen: 100, applied: 100 }] });

    const second = backfill(['--follow']);
    expect([await second.exited, second.output()]).toEqual([0, expect.stringContaining('completed')]);
    expect(second.output()).toMatch(/█{20} 1\/1 {2}subscriptions 104\n/);
    expect(await rows()).toBe(104);
    const counts = { object: 'SUBSCRIPTIONS', seen: 104, applied: 104, skipped: 0, failed: 0 };
    expect(await progress()).toEqual({ state: 'COMPLETED', progress: [counts] });
  });

  it.each([
    ['an option that there is not', ['--everything'], '--everything'],
    ['no project of the team', ['--project', 'prj_a'], 'Your team has no such project'],
  ])('refuses %s, and says how it is used', async (_, args, message) => {
    const run = backfill(args);
    expect([await run.exited, run.output()]).toEqual([2, expect.stringContaining(message)]);
    expect(run.output()).toContain('npm run backfill --');
  });

  it.each([
    ['no rule', [], 'assign'],
    ['two rules', ['--project', 'prj_a', '--metadata-key', 'a'], 'assign'],
    ['what is no kind of objects', ['--project', 'prj_a', '--objects', 'coupons'], 'objects'],
    ['what is no instant', ['--project', 'prj_a', '--created-after', 'yesterday'], 'createdAfter'],
    ['what is no environment', ['--project', 'prj_a', '--environment', 'STAGING'], 'environment'],
    ['a word too many', ['--project', 'prj_a', 'now'], 'arguments'],
  ])('refuses %s', (_, args, field) => {
    const refusal = expect.objectContaining({ code: 'BAD_USER_INPUT', details: { field } });
    expect(() => readBackfillArguments(args)).toThrow(refusal);
  });

  it('reads a rule by metadata, in which values may hold an equals sign', () => {
    const args = [
      '--metadata-key',
      'app',
      '--assign',
      'a=b=prj_1',
      '--assign',
      'c=prj_2',
      '--objects',
      'prices,products',
    ];
    expect(readBackfillArguments(args).input).toEqual({
      objects: ['PRICES', 'PRODUCTS'],
      createdAfter: null,
      assign: {
        metadata: {
          key: 'app',
          projects: [
            { value: 'a=b', projectId: 'prj_1' },
            { value: 'c', projectId: 'prj_2' },
          ],
        },
      },
    });
  });

  it('refuses to run without the database', async () => {
    const run = backfill(['--project', tenant.projectId], { DATABASE_URL: '' });
    expect([await run.exited, run.output()]).toEqual([2, expect.stringContaining('DATABASE_URL')]);
  });
});
