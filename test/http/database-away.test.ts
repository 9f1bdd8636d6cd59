import { randomBytes } from 'node:crypto';
import Stripe from 'stripe';
import { afterAll, afterEach, beforeAll, expect, it } from 'vitest';
import { type Billgraph, createTenant, startAnother, startBillgraph, type TestTenant } from '../rig/billgraph.ts';
import { type DatabaseProxy, startDatabaseProxy } from '../rig/database-proxy.ts';
import { ask } from '../rig/graph.ts';

let billgraph: Billgraph;
let proxy: DatabaseProxy;
let server: Awaited<ReturnType<typeof startAnother>>;
let tenant: TestTenant;
beforeAll(async () => {
  const encryptionKeys = [randomBytes(32)];
  billgraph = await startBillgraph({ encryptionKeys });
  tenant = await createTenant(billgraph);
  await billgraph.settled();
  proxy = await startDatabaseProxy(billgraph.databaseUrl);
  server = await startAnother(billgraph, { encryptionKeys, databaseUrl: proxy.url, queryTimeout: 1_000 });
});
afterEach(() => proxy.heal());
afterAll(async () => {
  proxy.heal();
  await server.close();
  await proxy.close();
  await billgraph.close();
});

const storedOf = async (id: string) =>
  (await billgraph.app.orm.em.getConnection().execute(`select from inbound_event where event_id = '${id}'`)).length;

async function deliver(id: string) {
  const payload = JSON.stringify({
    id,
    object: 'event',
    api_version: Stripe.API_VERSION,
    created: Math.floor(Date.now() / 1000),
    livemode: false,
    type: 'tax_rate.created',
    data: { object: { id: 'txr_1', object: 'tax_rate' } },
  });
  const [secret] = (await billgraph.app.connections.byId(tenant.connectionId))!.webhookSecrets;
  const response = await fetch(`${server.url}/webhooks/stripe/${tenant.connectionId}`, {
    method: 'POST',
    headers: { 'stripe-signature': Stripe.webhooks.generateTestHeaderString({ payload, secret: secret! }) },
    body: payload,
  });
  return { status: response.status, body: await response.json() };
}

const unavailable = { extensions: { code: 'SERVICE_UNAVAILABLE', retryable: true } };

it.each([
  ['is down', 'cut' as const],
  ['hangs', 'silence' as const],
])(
  'where PostgreSQL %s, deliveries and keys that must be looked up are answered 503, and all is well afterwards',
  {
    timeout: 60_000,
  },
  async (_, trouble) => {
    const id = `evt_while_${trouble}`;
    expect((await deliver(`${id}_before`)).status).toBe(200);
    const key = await tenant.newApiKey({});
    const logged = () => server.logged.filter((line) => line.includes('A webhook could not be stored')).length;
    const before = logged();

    proxy[trouble]();
    const [delivery, answer] = await Promise.all([deliver(id), ask(server, key, '{ products { totalCount } }')]);
    expect(delivery).toMatchObject({ status: 503, body: { errors: [unavailable] } });
    expect(logged()).toBe(before + 1);
    expect(answer).toMatchObject({ status: 503, errors: [unavailable] });
    expect(await storedOf(id)).toBe(0);

    proxy.heal();
    await expect.poll(async () => (await deliver(id)).status, { timeout: 30_000 }).toBe(200);
    await expect
      .poll(async () => (await ask(server, key, '{ products { totalCount } }')).status, { timeout: 30_000 })
      .toBe(200);
    expect(await storedOf(id)).toBe(1);
  },
);
