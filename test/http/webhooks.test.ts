import Stripe from 'stripe';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { type Billgraph, createTenant, startBillgraph, type TestTenant } from '../rig/billgraph.ts';
import { behave, misbehave } from '../rig/faults.ts';

let billgraph: Billgraph;
let tenant: TestTenant;
let foreign: TestTenant;
beforeAll(async () => {
  billgraph = await startBillgraph();
  [tenant, foreign] = await Promise.all([createTenant(billgraph), createTenant(billgraph)]);
  await billgraph.settled();
});
afterAll(() => billgraph.close());

const query = (sql: string) => billgraph.app.orm.em.getConnection().execute(sql);
const inbox = async () => Number((await query('select count(*) from inbound_event'))[0]!.count);
const secretOf = async ({ connectionId }: TestTenant) =>
  (await billgraph.app.connections.byId(connectionId))!.webhookSecrets[0]!;

let count = 0;
beforeEach(() => count++);
const newEvent = (change: object = {}) => ({
  id: `evt_test_${count}`,
  object: 'event',
  api_version: Stripe.API_VERSION,
  created: Math.floor(Date.now() / 1000),
  livemode: false,
  pending_webhooks: 1,
  request: null,
  type: 'tax_rate.created',
  data: { object: { id: 'txr_1', object: 'tax_rate' } },
  ...change,
});

async function sign(payload: string, options: { secret?: string; timestamp?: number } = {}) {
  const secret = options.secret ?? (await secretOf(tenant));
  return Stripe.webhooks.generateTestHeaderString({
    payload,
    secret,
    ...(options.timestamp ? { timestamp: options.timestamp } : {}),
  });
}

const deliver = (body: string | Buffer, signature: string | null, to = tenant.connectionId) =>
  fetch(`${billgraph.url}/webhooks/stripe/${to}`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', ...(signature === null ? {} : { 'stripe-signature': signature }) },
    body,
  });

const nested = (json: string) => json.replace('"deep":0', `"deep":${'['.repeat(50_000)}${']'.repeat(50_000)}`);
const refusalsLogged = () => billgraph.logged.filter((line) => line.includes('A webhook was refused')).length;

describe('is stored', () => {
  it('an event of a type that nobody handles, once', async () => {
    const before = await inbox();
    const payload = JSON.stringify(newEvent());
    const first = await deliver(payload, await sign(payload));
    expect(first.status).toBe(200);
    expect(await first.json()).toEqual({ received: true, duplicate: false });
    expect(await (await deliver(payload, await sign(payload))).json()).toEqual({ received: true, duplicate: true });
    expect(await inbox()).toBe(before + 1);
    await billgraph.settled();
    expect(await query(`select outcome from inbound_event where event_id = 'evt_test_${count}'`)).toEqual([
      { outcome: 'ignored' },
    ]);
  });

  it('an event signed with two secrets, as while one is rolled', async () => {
    const payload = JSON.stringify(newEvent());
    const old = await sign(payload, { secret: 'whsec_the_old_one' });
    const [, signature] = (await sign(payload)).split(',');
    expect(
      (await deliver(payload, `${old},${signature}`.replace(/^t=\d+/, (await sign(payload)).split(',')[0]!))).status,
    ).toBe(200);
  });
});

describe('a crowd', () => {
  it('of 32 events of one customer at once: each stored, no deadlock, and the row as Stripe has the customer', async () => {
    const routing = { billgraph_project_id: tenant.projectId };
    const customer = await tenant.stripe.customers.create({
      email: 'crowd@example.com',
      name: 'Truth',
      metadata: routing,
    });
    const payloads = Array.from({ length: 32 }, (_, at) =>
      JSON.stringify(
        newEvent({
          id: `evt_crowd_${at}`,
          type: 'customer.updated',
          created: customer.created - 40 + at,
          data: { object: { ...customer, name: `Old ${at}` } },
        }),
      ),
    );
    const answers = await Promise.all(payloads.map(async (payload) => deliver(payload, await sign(payload))));
    expect(answers.map(({ status }) => status)).toEqual(Array(32).fill(200));
    await billgraph.settled();
    expect(await query(`select name from customer where email = 'crowd@example.com'`)).toEqual([{ name: 'Truth' }]);
    expect(await query(`select count(*)::int as undone from inbound_event where done_at is null`)).toEqual([
      { undone: 0 },
    ]);
    const deadlocks = `select deadlocks::int from pg_stat_database where datname = current_database()`;
    expect(await query(deadlocks)).toEqual([{ deadlocks: 0 }]);
  });
});

it('is waited for by settled(), also where Stripe holds it back for a moment', async () => {
  await misbehave(tenant, { kind: 'webhook_delay', milliseconds: 1_000, next: 1 });
  const metadata = { billgraph_project_id: tenant.projectId };
  await tenant.stripe.customers.create({ email: 'late@example.com', metadata });
  await billgraph.settled();
  await behave(tenant);
  expect(await query(`select email from customer where email = 'late@example.com'`)).toHaveLength(1);
});

describe('is refused with 4xx, and no row', () => {
  const now = () => Math.floor(Date.now() / 1000);
  it.each([
    ['no signature', async () => null],
    ['an empty signature', async () => ''],
    ['nonsense for a signature', async () => 'nonsense'],
    ['a signature of another body', () => sign('{}')],
    ['a signature with another secret', (payload: string) => sign(payload, { secret: 'whsec_wrong' })],
    ["another connection's signature", async (payload: string) => sign(payload, { secret: await secretOf(foreign) })],
    ['a stale signature', (payload: string) => sign(payload, { timestamp: now() - 301 })],
    ['a signature of scheme v0 only', async (payload: string) => (await sign(payload)).replace('v1=', 'v0=')],
  ])('%s', async (_name, signature) => {
    const before = await inbox();
    const payload = JSON.stringify(newEvent());
    const response = await deliver(payload, await signature(payload));
    expect(response.status).toBe(400);
    expect(await response.json()).toMatchObject({ errors: [{ extensions: { code: 'BAD_USER_INPUT' } }] });
    expect(await inbox()).toBe(before);
  });

  it.each([
    ['an empty body', '', 400],
    ['JSON that is no event', '{"hello":"world"}', 400],
    ['malformed JSON', '{"id":', 400],
    ['an event of live mode', JSON.stringify(newEvent({ id: 'evt_live', livemode: true })), 400],
    ['an event of another account', JSON.stringify(newEvent({ id: 'evt_account', account: 'acct_other' })), 400],
    ['JSON nested too deeply', nested(JSON.stringify(newEvent({ id: 'evt_deep', deep: 0 }))), 400],
    ['a body over 1 MiB', JSON.stringify(newEvent({ id: 'evt_large', padding: 'x'.repeat(1024 * 1024) })), 413],
  ])('%s, though it is signed', async (_name, payload, status) => {
    const [rows, lines] = [await inbox(), refusalsLogged()];
    expect((await deliver(payload, await sign(payload))).status).toBe(status);
    expect(await inbox()).toBe(rows);
    // What is too large is refused before it is a webhook: the line of its request says so.
    expect(refusalsLogged() - lines).toBe(status === 413 ? 0 : 1);
  });

  it('an unknown connection', async () => {
    const payload = JSON.stringify(newEvent());
    expect((await deliver(payload, await sign(payload), 'conn_00000000000000000000000000')).status).toBe(404);
  });

  it('malformed UTF-8', async () => {
    const body = Buffer.concat([Buffer.from('{"id":"evt_'), Buffer.from([0xff]), Buffer.from('"}')]);
    const [rows, lines] = [await inbox(), refusalsLogged()];
    expect((await deliver(body, 't=1,v1=00')).status).toBe(400);
    expect(await inbox()).toBe(rows);
    expect(refusalsLogged() - lines).toBe(1);
  });
});
