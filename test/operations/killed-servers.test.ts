import type { ChildProcess } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import pg from 'pg';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { CreateCustomerDocument } from '../../src/client/operations.generated.ts';
import { type Shared, spawnAnother } from '../rig/another-server.ts';
import { type Billgraph, createTenant, startBillgraph, type TestTenant } from '../rig/billgraph.ts';
import { type Answer, ask } from '../rig/graph.ts';

/**
 * A server is killed at each border between the phases of an operation, where its statement or its call to Stripe is held; the
 * same call to another server goes on at once, or nobody calls and the worker finishes it.
 */

type Border = 'insert STARTED' | 'to ASKED' | 'before Stripe' | 'after Stripe' | 'to WRITTEN' | 'to DONE';
/** An advisory lock that the test holds, and the held statement waits for. */
const gate = 424_242;

let billgraph: Billgraph;
let tenant: TestTenant;
let shared: Shared;
let proxy: Server;
let admin: pg.Client;
let doomed: { child: ChildProcess; url: string };
let held: Border | null = null;
let atBorder = Promise.withResolvers<void>();
/** Where set, the next write to Stripe waits for it, and goes on. */
let pause: Promise<void> | null = null;

beforeAll(async () => {
  const encryptionKey = randomBytes(32).toString('hex');
  billgraph = await startBillgraph({ encryptionKeys: [Buffer.from(encryptionKey, 'hex')] });
  tenant = await createTenant(billgraph);
  admin = new pg.Client(billgraph.databaseUrl);
  await admin.connect();
  await admin.query(`
    create table held (phase text);
    grant select on held to public;
    create function hold() returns trigger language plpgsql as $$ begin
      if exists (select from held where phase = new.phase) then perform pg_advisory_xact_lock(${gate}); end if;
      return new;
    end $$;
    create trigger hold before insert or update of phase on operation for each row execute function hold()`);
  proxy = createServer(async (request, response) => {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk as Buffer);
    const isWrite = request.method === 'POST';
    if (isWrite && held === 'before Stripe') return atBorder.resolve();
    if (isWrite && pause) {
      const goOn = pause;
      pause = null;
      atBorder.resolve();
      await goOn;
    }
    const { host: _, connection: __, 'content-length': ___, 'transfer-encoding': ____, ...headers } = request.headers;
    const answer = await fetch(billgraph.sandbox.url + request.url, {
      method: request.method,
      headers: headers as Record<string, string>,
      body: isWrite ? Buffer.concat(chunks) : undefined,
    });
    const body = Buffer.from(await answer.arrayBuffer());
    if (isWrite && held === 'after Stripe') return atBorder.resolve();
    response.writeHead(answer.status, { 'content-type': 'application/json' }).end(body);
  });
  await new Promise<void>((resolve) => proxy.listen(0, '127.0.0.1', resolve));
  const stripeApiUrl = `http://127.0.0.1:${(proxy.address() as AddressInfo).port}`;
  shared = { databaseUrl: billgraph.databaseUrl, stripeApiUrl, encryptionKey };
});
afterAll(async () => {
  proxy.closeAllConnections();
  proxy.close();
  await admin.end();
  await billgraph.close();
});
beforeEach(async () => {
  doomed = await spawnAnother(shared);
});
afterEach(() => void doomed.child.kill('SIGKILL'));

const create = (server: { url: string }, input: object) =>
  ask(server, tenant.apiKey, CreateCustomerDocument, { input });
const inStripe = async (email: string) => (await tenant.stripe.customers.list({ email })).data;

/** Sends the call to the doomed server, and kills that where it is held. */
async function killAt(border: Border, input: object): Promise<void> {
  atBorder = Promise.withResolvers();
  held = border;
  const phase = /(?:insert|to) (\w+)/.exec(border)?.[1];
  if (phase) {
    await admin.query('select pg_advisory_lock($1)', [gate]);
    await admin.query('insert into held values ($1)', [phase]);
  }
  const lost = create(doomed, input).catch(() => null);
  const waiting = `select pid from pg_locks where locktype = 'advisory' and objid = ${gate} and not granted
    and database = (select oid from pg_database where datname = current_database())`;
  if (phase) await expect.poll(async () => (await admin.query(waiting)).rows.length, { timeout: 10_000 }).toBe(1);
  else await atBorder.promise;
  doomed.child.kill('SIGKILL');
  await lost;
  // The held statement must not go on without its client.
  await admin.query(`select pg_terminate_backend(pid) from (${waiting}) as waiting`);
  await admin.query('truncate held');
  if (phase) await admin.query('select pg_advisory_unlock($1)', [gate]);
  held = null;
}

/** As a client does: again where it is told to. */
async function until(call: () => Promise<Answer>): Promise<Answer> {
  for (;;) {
    const answer = await call();
    if (!answer.errors?.[0]?.extensions.retryable) return answer;
  }
}

const borders: Border[] = ['insert STARTED', 'to ASKED', 'before Stripe', 'after Stripe', 'to WRITTEN', 'to DONE'];

describe('a server is killed', { timeout: 60_000 }, () => {
  it.each(borders)(
    '%s: the same call to another one makes one object, and is answered the same ever after',
    async (border) => {
      const email = `${border.replace(' ', '-').toLowerCase()}@example.com`;
      const input = { email, idempotencyKey: border };
      await killAt(border, input);
      const { data, errors } = await until(() => create(billgraph, input));
      expect(errors).toBeUndefined();
      expect((await create(billgraph, input)).data).toEqual(data);
      expect(await inStripe(email)).toMatchObject([{ id: data.createCustomer.customer.stripeCustomerId }]);
      const audit = await admin.query(`select 1 from audit_entry where subject_id = $1`, [
        data.createCustomer.customer.id,
      ]);
      expect(audit.rows).toHaveLength(1);
    },
  );

  it.each(['before Stripe', 'after Stripe', 'to WRITTEN', 'to DONE'] as const)(
    '%s, and nobody calls again: the worker finishes it, and keeps the answer for the key',
    async (border) => {
      const email = `worker-${border.replace(' ', '-').toLowerCase()}@example.com`;
      const input = { email, idempotencyKey: `worker ${border}` };
      await killAt(border, input);
      await admin.query(`update lane set run_at = now() where key like 'operation/%'`);
      const done = `select 1 from operation where idempotency_key = $1 and phase = 'DONE'`;
      await expect
        .poll(async () => (await admin.query(done, [input.idempotencyKey])).rows.length, { timeout: 10_000 })
        .toBe(1);
      const [made, ...others] = await inStripe(email);
      expect(others).toEqual([]);
      expect((await create(billgraph, input)).data.createCustomer.customer.stripeCustomerId).toBe(made!.id);
    },
  );

  it('after Stripe, without a key: the worker finishes it, and nothing is left behind', async () => {
    const email = 'keyless@example.com';
    await killAt('after Stripe', { email });
    await admin.query(`update lane set run_at = now() where key like 'operation/%'`);
    const left = `select 1 from operation where idempotency_key is null`;
    await expect.poll(async () => (await admin.query(left)).rows.length, { timeout: 10_000 }).toBe(0);
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
  await admin.query(`select pg_terminate_backend(pid) from pg_locks
    join operation on objid = owner where locktype = 'advisory' and classid = 7002 and idempotency_key = 'fenced'`);
  const { data } = await until(() => create(billgraph, input));
  goOn();
  expect((await slow).errors).toMatchObject([{ extensions: { code: 'CONFLICT', retryable: true } }]);
  expect((await create(doomed, input)).data).toEqual(data);
  const { id, stripeCustomerId } = data.createCustomer.customer;
  expect(await inStripe(input.email)).toMatchObject([{ id: stripeCustomerId }]);
  expect((await admin.query('select 1 from audit_entry where subject_id = $1', [id])).rows).toHaveLength(1);
});
