import { afterAll, beforeAll, expect, it } from 'vitest';
import { CreateCustomerDocument, CreateCustomerTokenDocument } from '../src/client/operations.generated.ts';
import { type Billgraph, createTenant, startBillgraph, type TestTenant } from './rig/billgraph.ts';
import { createPrice } from './rig/checkout.ts';
import { ago, forwardingOf } from './rig/forwarding.ts';
import { ask, refusalsOf } from './rig/graph.ts';
import { createOperator } from './rig/operator.ts';

/** LIVE with objects of a live Stripe account: written, told by webhooks, read; and apart from TEST. */

let billgraph: Billgraph;
let live: TestTenant;
let test: TestTenant;
beforeAll(async () => {
  billgraph = await startBillgraph({}, { liveKeys: true });
  live = await createTenant(billgraph, { environment: 'LIVE' });
  test = await createTenant(billgraph);
});
afterAll(() => billgraph.close());

const subscriptions =
  '{ customers { nodes { email subscriptions { nodes { status price { unitAmount { amount } } } } } } }';

it('sells to a customer in live mode, who is seen by live credentials alone', async () => {
  expect(live.apiKey).toMatch(/^bs_live_/);
  const { data, errors } = await ask(billgraph, live.apiKey, CreateCustomerDocument, {
    input: { email: 'a@example.com' },
  });
  expect(errors).toBeUndefined();
  const { id, stripeCustomerId: customer } = data.createCustomer.customer;
  expect(await live.stripe.customers.retrieve(customer)).toMatchObject({ livemode: true });
  await expect(test.stripe.customers.retrieve(customer)).rejects.toThrow('No such customer');
  const { id: price } = await createPrice(live);
  const card = await live.stripe.paymentMethods.attach('pm_card_visa', { customer });
  await live.stripe.subscriptions.create({ customer, items: [{ price }], default_payment_method: card.id });
  await billgraph.settled();
  const seen = { customers: { nodes: [{ email: 'a@example.com', subscriptions: { nodes: [{ status: 'ACTIVE' }] } }] } };
  expect((await ask(billgraph, live.apiKey, subscriptions)).data).toMatchObject(seen);
  const mint = { input: { customerId: id, scopes: ['customers:read', 'subscriptions:read'] } };
  const { token } = (await ask(billgraph, live.apiKey, CreateCustomerTokenDocument, mint)).data.createCustomerToken;
  expect((await ask(billgraph, token, subscriptions)).data).toMatchObject(seen);

  const owner = await createOperator(billgraph, live);
  const inLive = { 'billgraph-environment': 'LIVE' };
  expect((await owner.ask(subscriptions, {}, inLive)).data).toMatchObject(seen);
  expect((await owner.ask(subscriptions)).data).toEqual({ customers: { nodes: [] } });
  expect((await ask(billgraph, test.apiKey, subscriptions)).data).toEqual({ customers: { nodes: [] } });
  const doctor = await owner.ask('{ doctor { findings { check ok } } }', {}, inLive);
  const findings = doctor.data.doctor.findings.map(({ check, ok }: { check: string; ok: boolean }) => [check, ok]);
  expect(findings).toContainEqual(['KEY_MODE', true]);
  expect(findings).toContainEqual(['ENDPOINT', true]);
});

it.each([
  ['LIVE', 'apart from everything else'],
  ['TEST', 'with everything else'],
])('usage of %s is sent at the pace that Stripe has for it: %s', async (environment) => {
  const tenant = environment === 'LIVE' ? live : test;
  const rig = forwardingOf(billgraph, tenant);
  const one = await rig.someone();
  await billgraph.settled();
  // Of live meters alone it goes on where the turns of an hour are taken.
  const isLive = environment === 'LIVE';
  await rig.sql(
    `insert into stripe_budget (connection_id, free_at) values ($1, clock_timestamp() + $2 * interval '1 hour')
     on conflict (connection_id) do update set free_at = excluded.free_at, usage_free_at = default`,
    [tenant.connectionId, isLive ? 1 : 0],
  );
  const [before] = await turnsOf();
  await one.uses({ value: '5', timestamp: ago(60_000) }, { value: '6', timestamp: ago(120_000) });
  await billgraph.settled();
  expect(await one.states()).toEqual(['COUNTED', 'COUNTED']);
  expect(await one.total()).toBe(11);
  const [after] = await turnsOf();
  expect([after.everything > before.everything, after.usage > before.usage]).toEqual([!isLive, isLive]);
  await rig.sql('update stripe_budget set free_at = clock_timestamp() where connection_id = $1', [tenant.connectionId]);

  function turnsOf() {
    const columns =
      'extract(epoch from free_at)::float8 as everything, extract(epoch from usage_free_at)::float8 as usage';
    return rig.sql(`select ${columns} from stripe_budget where connection_id = $1`, [tenant.connectionId]);
  }
});

it.each([
  ['TEST', 'sk_live_51'],
  ['LIVE', 'sk_test_51'],
])('refuses for %s a key that begins with %s', async (environment, prefix) => {
  const owner = await createOperator(billgraph, await createTenant(billgraph, { environment: 'LIVE' }));
  const connect =
    'mutation ($input: StripeKeyInput!) { connectStripe(input: $input) { connection { stripeAccountId } } }';
  const input = { environment, secretKey: `${prefix}${'a'.repeat(40)}` };
  expect(refusalsOf(await owner.ask(connect, { input }))).toMatchObject([{ code: 'BAD_USER_INPUT' }]);
});
