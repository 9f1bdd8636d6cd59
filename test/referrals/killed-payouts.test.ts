import type { ChildProcess } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import pg from 'pg';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { type Shared, spawnAnother } from '../rig/another-server.ts';
import { type Billgraph, createTenant, startBillgraph, type TestTenant } from '../rig/billgraph.ts';
import { rewardsOf } from '../rig/rewards.ts';
import { usageOf } from '../rig/usage.ts';

/** The worker is killed with a reward between the ledger and Stripe; another one goes on, and the customer has it once. */

type Border = 'to ASKED' | 'before Stripe' | 'after Stripe' | 'to DONE';
const borders: Border[] = ['to ASKED', 'before Stripe', 'after Stripe', 'to DONE'];
/** An advisory lock that the test holds, and the held statement waits for. */
const gate = 424_244;

let billgraph: Billgraph;
let tenant: TestTenant;
let rig: ReturnType<typeof rewardsOf>;
let newCustomer: ReturnType<typeof usageOf>['newCustomer'];
let proxy: Server;
let admin: pg.Client;
let shared: Shared;
let worker: { child: ChildProcess };
let held: Border | null = null;
let atBorder = Promise.withResolvers<void>();

beforeAll(async () => {
  const encryptionKey = randomBytes(32).toString('hex');
  billgraph = await startBillgraph({ encryptionKeys: [Buffer.from(encryptionKey, 'hex')], worker: false });
  tenant = await createTenant(billgraph);
  rig = rewardsOf(billgraph, tenant);
  newCustomer = usageOf(billgraph, tenant).newCustomer;
  admin = new pg.Client(billgraph.databaseUrl);
  await admin.connect();
  await admin.query(`
    create table held (state text);
    grant select on held to public;
    create function hold() returns trigger language plpgsql as $$ begin
      if exists (select from held where state = new.state) then perform pg_advisory_xact_lock(${gate}); end if;
      return new;
    end $$;
    create trigger hold before update of state on referral_payout for each row execute function hold()`);
  proxy = createServer(async (request, response) => {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk as Buffer);
    const isPayout = request.method === 'POST' && request.url!.endsWith('/balance_transactions');
    if (isPayout && held === 'before Stripe') return atBorder.resolve();
    const { host: _, connection: __, 'content-length': ___, 'transfer-encoding': ____, ...headers } = request.headers;
    const answer = await fetch(billgraph.sandbox.url + request.url, {
      method: request.method,
      headers: headers as Record<string, string>,
      body: request.method === 'POST' ? Buffer.concat(chunks) : undefined,
    });
    const body = Buffer.from(await answer.arrayBuffer());
    if (isPayout && held === 'after Stripe') return atBorder.resolve();
    response.writeHead(answer.status, { 'content-type': 'application/json' }).end(body);
  });
  await new Promise<void>((resolve) => proxy.listen(0, '127.0.0.1', resolve));
  const stripeApiUrl = `http://127.0.0.1:${(proxy.address() as AddressInfo).port}`;
  shared = { databaseUrl: billgraph.databaseUrl, stripeApiUrl, encryptionKey };
  worker = await spawnAnother(shared, { WORKER: 'on' });
}, 60_000);
afterAll(async () => {
  worker?.child.kill('SIGKILL');
  proxy?.closeAllConnections();
  proxy?.close();
  await admin?.end();
  await billgraph?.close();
});

const waiting = `select pid from pg_locks where locktype = 'advisory' and objid = ${gate} and not granted
  and database = (select oid from pg_database where datname = current_database())`;

it.each(borders)('killed %s: a credit is given once, and taken back once', { timeout: 60_000 }, async (border) => {
  const customer = await newCustomer();
  const one = rig.reward(customer.id);
  const state = /to (\w+)/.exec(border)?.[1];
  atBorder = Promise.withResolvers();
  held = border;
  if (state) {
    await admin.query('select pg_advisory_lock($1)', [gate]);
    await admin.query('insert into held values ($1)', [state]);
  }
  await one.credit();
  const patience = { timeout: 20_000 };
  if (state) await expect.poll(async () => (await admin.query(waiting)).rows.length, patience).toBe(1);
  else await atBorder.promise;
  worker.child.kill('SIGKILL');
  // The held statement must not go on without its client.
  await admin.query(`select pg_terminate_backend(pid) from (${waiting}) as waiting`);
  await admin.query('truncate held');
  if (state) await admin.query('select pg_advisory_unlock($1)', [gate]);
  held = null;
  expect(await one.states()).not.toContain('DONE');

  worker = await spawnAnother(shared, { WORKER: 'on' });
  await expect.poll(one.states, patience).toEqual(['DONE']);
  expect([await rig.held(customer.id), await rig.inStripe(customer.stripeCustomerId)]).toEqual([1_000, 1_000]);
  await one.clawBack();
  await expect.poll(one.states, patience).toEqual(['DONE', 'DONE']);
  expect([await rig.held(customer.id), await rig.inStripe(customer.stripeCustomerId)]).toEqual([0, 0]);
});
