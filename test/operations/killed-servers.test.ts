import type { ChildProcess } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { CreateCustomerDocument } from '../../src/client/operations.generated.ts';
import { type Shared, spawnAnother } from '../rig/another-server.ts';
import { type Billgraph, createTenant, startBillgraph, type TestTenant } from '../rig/billgraph.ts';
import { type Border, startBorders } from '../rig/borders.ts';
import { asOwner } from '../rig/database.ts';
import { type Answer, ask } from '../rig/graph.ts';

/**
 * A server is killed at each border between the phases of an operation, where its statement or its call to Stripe is held; the
 * same call to another server goes on at once, or nobody calls and the worker finishes it.
 */

type Phase = 'STARTED' | 'ASKED' | 'WRITTEN' | 'DONE';

let billgraph: Billgraph;
let tenant: TestTenant;
let shared: Shared;
let borders: Awaited<ReturnType<typeof startBorders<Phase>>>;
let doomed: { child: ChildProcess; url: string };
let atBorder = Promise.withResolvers<void>();
/** Where set, the next write to Stripe waits for it, and goes on. */
let pause: Promise<void> | null = null;

beforeAll(async () => {
  const encryptionKey = randomBytes(32).toString('hex');
  billgraph = await startBillgraph({ encryptionKeys: [Buffer.from(encryptionKey, 'hex')] });
  tenant = await createTenant(billgraph);
  borders = await startBorders<Phase>(billgraph, {
    table: 'operation',
    column: 'phase',
    there: async ({ method }) => {
      if (method !== 'POST' || !pause) return;
      const goOn = pause;
      pause = null;
      atBorder.resolve();
      await goOn;
    },
  });
  const { stripeApiUrl } = borders;
  shared = { databaseUrl: billgraph.databaseUrl, stripeApiUrl, encryptionKey };
});
afterAll(async () => {
  await borders.close();
  await billgraph.close();
});
beforeEach(async () => {
  doomed = await spawnAnother(shared);
});
afterEach(() => void doomed.child.kill('SIGKILL'));

const create = (server: { url: string }, input: object) =>
  ask(server, tenant.apiKey, CreateCustomerDocument, { input });
const sql = (text: string, values?: unknown[]) => asOwner(billgraph.databaseUrl, text, values);
const inStripe = async (email: string) => (await tenant.stripe.customers.list({ email })).data;

/** Sends the call to the doomed server, and kills that where it is held. */
async function killAt(border: Border<Phase>, input: object): Promise<void> {
  let lost: Promise<unknown> | undefined;
  const work = () => {
    lost = create(doomed, input).catch(() => null);
  };
  await borders.killAt(border, { work, kill: () => void doomed.child.kill('SIGKILL') });
  await lost;
}

/** As a client does: again where it is told to. */
async function until(call: () => Promise<Answer>): Promise<Answer> {
  for (;;) {
    const answer = await call();
    if (!answer.errors?.[0]?.extensions.retryable) return answer;
  }
}

const everyBorder: Border<Phase>[] = [
  'insert STARTED',
  'to ASKED',
  'before Stripe',
  'after Stripe',
  'to WRITTEN',
  'to DONE',
];

describe('a server is killed', { timeout: 60_000 }, () => {
  it.each(everyBorder)(
    '%s: the same call to another one makes one object, and is answered the same ever after',
    async (border) => {
      const email = `${border.replace(' ', '-').toLowerCase()}@example.com`;
      const input = { email, idempotencyKey: border };
      await killAt(border, input);
      const { data, errors } = await until(() => create(billgraph, input));
      expect(errors).toBeUndefined();
      expect((await create(billgraph, input)).data).toEqual(data);
      expect(await inStripe(email)).toMatchObject([{ id: data.createCustomer.customer.stripeCustomerId }]);
      const audit = await sql(`select 1 from audit_entry where subject_id = $1`, [data.createCustomer.customer.id]);
      expect(audit).toHaveLength(1);
    },
  );

  it.each(['before Stripe', 'after Stripe', 'to WRITTEN', 'to DONE'] as const)(
    '%s, and nobody calls again: the worker finishes it, and keeps the answer for the key',
    async (border) => {
      const email = `worker-${border.replace(' ', '-').toLowerCase()}@example.com`;
      const input = { email, idempotencyKey: `worker ${border}` };
      await killAt(border, input);
      await sql(`update lane set run_at = now() where key like 'operation/%'`);
      const done = `select 1 from operation where idempotency_key = $1 and phase = 'DONE'`;
      await expect.poll(async () => (await sql(done, [input.idempotencyKey])).length, { timeout: 10_000 }).toBe(1);
      const [made, ...others] = await inStripe(email);
      expect(others).toEqual([]);
      expect((await create(billgraph, input)).data.createCustomer.customer.stripeCustomerId).toBe(made!.id);
    },
  );

  it('after Stripe, without a key: the worker finishes it, and nothing is left behind', async () => {
    const email = 'keyless@example.com';
    await killAt('after Stripe', { email });
    await sql(`update lane set run_at = now() where key like 'operation/%'`);
    const left = `select 1 from operation where idempotency_key is null`;
    await expect.poll(async () => (await sql(left)).length, { timeout: 10_000 }).toBe(0);
    const { data } = await ask(
      billgraph,
      tenant.apiKey,
      `{ customer(by: { email: "${email}" }) { stripeCustomerId } }`,
    );
    expect(await inStripe(email)).toMatchObject([{ id: data.customer.stripeCustomerId }]);
  });
});

it('a server that lost its connection, and its operation to another one, writes nothing more', {
  timeout: 60_000,
}, async () => {
  const input = { email: 'fenced@example.com', idempotencyKey: 'fenced' };
  const { promise, resolve: goOn } = Promise.withResolvers<void>();
  [pause, atBorder] = [promise, Promise.withResolvers()];
  const slow = create(doomed, input);
  await atBorder.promise;
  expect((await create(billgraph, input)).errors).toMatchObject([
    { extensions: { code: 'CONFLICT', retryable: true, retryAfter: 1 } },
  ]);
  await sql(`select pg_terminate_backend(pid) from pg_locks
    join operation on objid = owner where locktype = 'advisory' and classid = 7002 and idempotency_key = 'fenced'`);
  const { data } = await until(() => create(billgraph, input));
  goOn();
  expect((await slow).errors).toMatchObject([{ extensions: { code: 'CONFLICT', retryable: true } }]);
  expect((await create(doomed, input)).data).toEqual(data);
  const { id, stripeCustomerId } = data.createCustomer.customer;
  expect(await inStripe(input.email)).toMatchObject([{ id: stripeCustomerId }]);
  expect(await sql('select 1 from audit_entry where subject_id = $1', [id])).toHaveLength(1);
});
