import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { CreateCustomerTokenDocument } from '../../src/client/operations.generated.ts';
import { newId } from '../../src/ids.ts';
import { routingMetadata } from '../../src/tenant.ts';
import { type Billgraph, createTenant, startBillgraph, type TestTenant } from '../rig/billgraph.ts';
import { createPrice } from '../rig/checkout.ts';
import { asOwner } from '../rig/database.ts';
import { behave, misbehave, silence } from '../rig/faults.ts';
import { ask, refusalsOf } from '../rig/graph.ts';
import { giveCard, type Subscriber, subscribe } from '../rig/subscriptions.ts';
import { advance, day } from '../sandbox/clock.rig.ts';

/** That what is billed is what was previewed, and that both refuse alike, is told by update-subscription.test.ts. */

let billgraph: Billgraph;
let tenant: TestTenant;
let live: TestTenant;
const prices = { pro: '', team: '' };
const livePrices = { pro: '', team: '' };
let one: Subscriber;
let other: Subscriber;
let livesOne: Subscriber;
let clocks: Subscriber & { clock: string };
beforeAll(async () => {
  billgraph = await startBillgraph({}, { liveKeys: true });
  tenant = await createTenant(billgraph);
  live = await createTenant(billgraph, { environment: 'LIVE' });
  const pro = await sell(tenant, prices);
  const livePro = await sell(live, livePrices);
  [one, other, livesOne] = [
    await subscribe(billgraph, tenant, [{ price: pro }]),
    await subscribe(billgraph, tenant, [{ price: pro }]),
    await subscribe(billgraph, live, [{ price: livePro }]),
  ];
  clocks = await subscribeOnClock(pro);
  await Promise.all([silence(tenant), silence(live)]);
});
afterAll(() => billgraph.close());

const sql = (text: string, values: unknown[] = []) => asOwner(billgraph.databaseUrl, text, values);

/** A plan of each, `pro` and `team`. @returns Stripe's id of the price of `pro`. */
async function sell(of: TestTenant, ids: typeof prices): Promise<string> {
  const made = { pro: await createPrice(of), team: await createPrice(of, { unitAmount: 9_900 }) };
  await billgraph.settled();
  for (const [name, { id }] of Object.entries(made)) {
    const [row] = await sql('select id from price where stripe_price_id = $1', [id]);
    ids[name as 'pro'] = row.id;
    await sql(
      'insert into plan (id, project_id, environment, name, price_id, created_at) values ($1, $2, $3, $4, $5, now())',
      [newId('plan'), of.projectId, of.environment, name, row.id],
    );
  }
  return made.pro.id;
}

async function subscribeOnClock(price: string) {
  const { stripe } = tenant;
  const { id: clock } = await stripe.testHelpers.testClocks.create({ frozen_time: Math.floor(Date.now() / 1000) });
  const customer = await stripe.customers.create({
    email: 'clock@example.com',
    test_clock: clock,
    metadata: routingMetadata(tenant),
  });
  await giveCard(tenant, customer.id, 'pm_card_visa');
  const { id: stripeId } = await stripe.subscriptions.create({ customer: customer.id, items: [{ price }] });
  await billgraph.settled();
  const read = 'select id, customer_id from subscription where stripe_subscription_id = $1';
  const [row] = await sql(read, [stripeId]);
  return { id: row.id, customerId: row.customer_id, stripeCustomerId: customer.id, stripeId, clock };
}

const document = `query ($input: PreviewSubscriptionChangeInput!) { previewSubscriptionChange(input: $input) {
  dueNow { amount } prorationDate nextBillingAt invoice { total { amount } } nextInvoice { total { amount } }
} }`;
const preview = (input: object, credential: string | null = tenant.apiKey) =>
  ask(billgraph, credential, document, { input });
async function previewed(input: object, credential?: string) {
  const { data, errors } = await preview(input, credential);
  expect(errors).toBeUndefined();
  return data.previewSubscriptionChange;
}
const update = (input: object, credential: string) =>
  ask(
    billgraph,
    credential,
    'mutation ($input: UpdateSubscriptionInput!) { updateSubscription(input: $input) { subscription { price { id } } } }',
    { input },
  );
async function tokenOf({ customerId }: Subscriber, { apiKey }: TestTenant = tenant) {
  const input = { customerId, scopes: ['subscriptions:write', 'subscriptions:read', 'products:read'] };
  return (await ask(billgraph, apiKey, CreateCustomerTokenDocument, { input })).data.createCustomerToken.token;
}

describe('answers', () => {
  it('what another change costs, whatever is pending', async () => {
    const later = { subscriptionId: one.id, at: 'PERIOD_END' };
    expect((await update({ ...later, priceId: prices.team }, tenant.apiKey)).errors).toBeUndefined();
    const [{ at }] = await sql('select current_period_end as at from subscription where id = $1', [one.id]);
    const told = { dueNow: { amount: '0' }, invoice: null, prorationDate: null, nextBillingAt: at.toISOString() };
    expect(await previewed({ ...later, quantity: 3 })).toEqual({ ...told, nextInvoice: { total: { amount: '8700' } } });
    const free = { subscriptionId: one.id, prorationBehavior: 'NONE', quantity: 2 };
    expect(await previewed(free)).toEqual({ ...told, nextInvoice: { total: { amount: '5800' } } });
    const [pending] = await sql('select quantity from pending_change where subscription_id = $1', [one.id]);
    expect(pending).toEqual({ quantity: 1 });
  });

  it("a customer under one of Stripe's test clocks, whose date is then billed by", async () => {
    await advance(tenant.stripe, clocks.clock, Math.floor(Date.now() / 1000) + 10 * day);
    const token = await tokenOf(clocks);
    const input = { subscriptionId: clocks.id, plan: 'team' };
    const { dueNow, prorationDate } = await previewed(input, token);
    expect(Date.parse(prorationDate) - Date.now()).toBeGreaterThan(9 * day * 1_000);
    expect((await update({ ...input, prorationDate }, token)).errors).toBeUndefined();
    const [invoice] = (await tenant.stripe.invoices.list({ subscription: clocks.stripeId })).data;
    expect(invoice).toMatchObject({ status: 'paid', amount_paid: Number(dueNow.amount) });
  });
});

describe('refuses', () => {
  const conflict = [{ code: 'CONFLICT', field: 'subscriptionId' }];

  it.each([
    ['is set to end', "cancel_at = now() + interval '9 days'", { at: 'PERIOD_END' }],
    ['is paused', "status = 'PAUSED'", { at: 'PERIOD_END' }],
    ['is under a schedule that was made in Stripe', "stripe_schedule_id = 'sub_sched_1'", {}],
    ['is under such a schedule, with its period', "stripe_schedule_id = 'sub_sched_1'", { at: 'PERIOD_END' }],
    ['waits for its first payment', "status = 'INCOMPLETE'", {}],
  ])('as the change does, one that %s', async (_name, state, at) => {
    const [before] = await sql('select cancel_at, status, stripe_schedule_id from subscription where id = $1', [
      other.id,
    ]);
    await sql(`update subscription set ${state} where id = $1`, [other.id]);
    const input = { subscriptionId: other.id, quantity: 2, ...at };
    expect(refusalsOf(await preview(input))).toEqual(conflict);
    expect(refusalsOf(await update(input, tenant.apiKey))).toEqual(conflict);
    await sql('update subscription set cancel_at = $2, status = $3, stripe_schedule_id = $4 where id = $1', [
      other.id,
      before.cancel_at,
      before.status,
      before.stripe_schedule_id,
    ]);
  });

  it('in LIVE, a date that no preview told the customer in the last ten minutes', async () => {
    const token = await tokenOf(livesOne, live);
    const input = { subscriptionId: livesOne.id, plan: 'team' };
    const { prorationDate } = await previewed(input, token);
    const [{ at }] = await sql('select current_period_end as at from subscription where id = $1', [livesOne.id]);
    const refused = [{ code: 'BAD_USER_INPUT', field: 'prorationDate' }];
    expect(refusalsOf(await preview({ ...input, prorationDate: at }, token))).toEqual(refused);
    expect(refusalsOf(await update({ ...input, prorationDate: at }, token))).toEqual(refused);
    expect((await preview({ ...input, prorationDate }, token)).errors).toBeUndefined();
  });

  it('more items than a subscription can have, however many are named', async () => {
    const items = Array.from({ length: 2_000 }, () => ({ priceId: prices.team }));
    expect(refusalsOf(await preview({ subscriptionId: other.id, items }))).toEqual([
      { code: 'BAD_USER_INPUT', field: 'items' },
    ]);
  });

  it('where Stripe cannot be reached', async () => {
    await misbehave(tenant, { kind: 'unavailable', only: 'POST /v1/invoices/create_preview' });
    expect(refusalsOf(await preview({ subscriptionId: other.id, quantity: 2 }))).toMatchObject([
      { code: 'STRIPE_ERROR' },
    ]);
    await behave(tenant);
  });

  it("another customer's, another tenant's, a random and a malformed id alike", async () => {
    const token = await tokenOf(one);
    for (const [subscriptionId, credential] of [
      [other.id, token],
      [livesOne.id, tenant.apiKey],
      ['ps_00000000000000000000000000', tenant.apiKey],
      ['a\0b', tenant.apiKey],
    ] as const)
      expect(refusalsOf(await preview({ subscriptionId, quantity: 2 }, credential))).toEqual([
        { code: 'NOT_FOUND', field: 'subscriptionId' },
      ]);
  });
});

describe('is not allowed', () => {
  it('without a credential, or the scope', async () => {
    const input = { subscriptionId: one.id, quantity: 2 };
    expect(refusalsOf(await preview(input, null))).toEqual([{ code: 'UNAUTHENTICATED' }]);
    const writer = await tenant.newApiKey({ scopes: ['subscriptions:write'] });
    expect(refusalsOf(await preview(input, writer))).toEqual([{ code: 'FORBIDDEN' }]);
  });

  it('to a customer, of a price that the project does not offer him', async () => {
    await sql(`delete from plan where name = 'team' and project_id = $1`, [tenant.projectId]);
    const input = { subscriptionId: other.id, priceId: prices.team };
    expect(refusalsOf(await preview(input, await tokenOf(other)))).toEqual([{ code: 'FORBIDDEN' }]);
  });
});
