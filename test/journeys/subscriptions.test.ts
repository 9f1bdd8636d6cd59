import { afterAll, beforeAll, expect, it } from 'vitest';
import { type Billgraph, createTenant, startBillgraph, type TestTenant } from '../rig/billgraph.ts';
import { createPrice } from '../rig/checkout.ts';
import { asOwner } from '../rig/database.ts';
import { ask } from '../rig/graph.ts';
import { advance, day, giveCard } from '../sandbox/clock.rig.ts';

/** What becomes of subscriptions over months, by Stripe's clock: everything below is told by webhooks. */

let billgraph: Billgraph;
let tenant: TestTenant;
const prices: Record<string, { id: string; stripeId: string }> = {};
beforeAll(async () => {
  billgraph = await startBillgraph();
  tenant = await createTenant(billgraph);
  for (const [name, unitAmount] of Object.entries({ pro: 2_900, team: 9_900, small: 900 }))
    prices[name] = { id: '', stripeId: (await createPrice(tenant, { unitAmount })).id };
  await billgraph.settled();
  for (const price of Object.values(prices))
    price.id = (await sql('select id from price where stripe_price_id = $1', [price.stripeId]))[0].id;
});
afterAll(() => billgraph.close());

const sql = (text: string, values: unknown[] = []) => asOwner(billgraph.databaseUrl, text, values);
const hour = 3_600;
const iso = (seconds: number) => new Date(seconds * 1000).toISOString();

const fields = `id status hasAccess isTrialing willRenew inGracePeriod graceEndsAt cancelAtPeriodEnd currentPeriodEnd quantity price { id }
  pendingChange { appliesAt price { id } }
  latestInvoice { status total { amount } amountPaid { amount } lines { nodes { amount { amount } proration } } }`;

/** A customer under a clock of his own, which begins at `start` and whose months have 31 days, and what he subscribed to. */
async function subscriber(start: number, of: { trialDays?: number } = {}) {
  const { stripe, apiKey } = tenant;
  const clock = await stripe.testHelpers.testClocks.create({ frozen_time: start });
  const email = `${Math.random()}@example.com`;
  const { id: stripeCustomerId } = await stripe.customers.create({ email, test_clock: clock.id });
  await giveCard(stripe, stripeCustomerId);
  const link = 'mutation ($input: LinkStripeCustomerInput!) { linkStripeCustomer(input: $input) { customer { id } } }';
  await ask(billgraph, apiKey, link, { input: { stripeCustomerId } });
  const { id: stripeId } = await stripe.subscriptions.create({
    customer: stripeCustomerId,
    items: [{ price: prices.pro!.stripeId }],
    ...(of.trialDays && { trial_period_days: of.trialDays }),
  });
  await billgraph.settled();
  const [{ id }] = await sql('select id from subscription where stripe_subscription_id = $1', [stripeId]);
  const now = async () =>
    (await ask(billgraph, apiKey, `{ subscription(id: "${id}") { ${fields} } }`)).data.subscription;
  return {
    id: id as string,
    stripeId,
    stripeCustomerId,
    now,
    async at(time: number) {
      await advance(stripe, clock.id, time);
      await billgraph.settled();
      return now();
    },
    async change(name: string, input: object = {}) {
      const type = `${name[0]!.toUpperCase()}${name.slice(1)}Input`;
      const document = `mutation ($input: ${type}!) { ${name}(input: $input) { subscription { ${fields} } } }`;
      const { data, errors } = await ask(billgraph, apiKey, document, { input: { subscriptionId: id, ...input } });
      expect(errors).toBeUndefined();
      await billgraph.settled();
      return data[name].subscription;
    },
  };
}

it('trial, paid, failed payment, grace, recovered', async () => {
  const grace = (days: number) =>
    sql('update project_settings set grace_period_days = $1 where project_id = $2', [days, tenant.projectId]);
  // The grace period is counted by our own clock: it began some weeks ago.
  const start = Math.floor(Date.now() / 1000) - 55 * day;
  const one = await subscriber(start, { trialDays: 7 });
  expect(await one.now()).toMatchObject({ status: 'TRIALING', hasAccess: true, isTrialing: true, willRenew: true });
  const trialEnd = start + 7 * day;
  expect(await one.at(trialEnd + 2 * hour)).toMatchObject({
    status: 'ACTIVE',
    isTrialing: false,
    latestInvoice: { status: 'PAID', amountPaid: { amount: '2900' } },
  });

  await giveCard(tenant.stripe, one.stripeCustomerId, '4000000000000341');
  const renewal = Date.parse((await one.now()).currentPeriodEnd) / 1000;
  await grace(60);
  const failed = await one.at(renewal + 2 * hour);
  expect(failed).toMatchObject({
    status: 'PAST_DUE',
    hasAccess: true,
    inGracePeriod: true,
    latestInvoice: { status: 'OPEN' },
  });
  expect(Date.parse(failed.graceEndsAt)).toBeGreaterThan(Date.now());
  await grace(3);
  expect(await one.now()).toMatchObject({ status: 'PAST_DUE', hasAccess: false, inGracePeriod: false });

  await giveCard(tenant.stripe, one.stripeCustomerId);
  expect(await one.at(renewal + 4 * day)).toMatchObject({
    status: 'ACTIVE',
    hasAccess: true,
    inGracePeriod: false,
    graceEndsAt: null,
    latestInvoice: { status: 'PAID' },
  });
});

/** 1 January 2027: a month of 31 days. */
const january = Date.UTC(2027, 0, 1) / 1000;
const february = Date.UTC(2027, 1, 1) / 1000;
const march = Date.UTC(2027, 2, 1) / 1000;

it('upgrade with proration, to the cent', async () => {
  const one = await subscriber(january);
  await one.at(january + 10 * day);
  const input = { subscriptionId: one.id, priceId: prices.team!.id, prorationBehavior: 'ALWAYS_INVOICE' };
  const query = `query ($input: PreviewSubscriptionChangeInput!) { previewSubscriptionChange(input: $input) {
    dueNow { amount } prorationDate nextBillingAt nextInvoice { total { amount } } } }`;
  const { data } = await ask(billgraph, tenant.apiKey, query, { input });
  // 21 of 31 days: 29.00 × 21 ÷ 31 back, 99.00 × 21 ÷ 31 more.
  expect(data.previewSubscriptionChange).toEqual({
    dueNow: { amount: String(6_706 - 1_965) },
    prorationDate: iso(january + 10 * day),
    nextBillingAt: iso(february),
    nextInvoice: { total: { amount: '9900' } },
  });
  // What was previewed is billed, though it is an hour later.
  await one.at(january + 10 * day + hour);
  const { prorationDate } = data.previewSubscriptionChange;
  await one.change('updateSubscription', {
    priceId: prices.team!.id,
    prorationBehavior: 'ALWAYS_INVOICE',
    prorationDate,
  });
  const upgraded = await one.now();
  expect(upgraded).toMatchObject({
    price: { id: prices.team!.id },
    latestInvoice: { status: 'PAID', total: { amount: '4741' }, amountPaid: { amount: '4741' } },
  });
  expect(upgraded.latestInvoice.lines.nodes.map(({ amount }: any) => amount.amount).sort()).toEqual(['-1965', '6706']);
  expect((await one.at(february + 2 * hour)).latestInvoice).toMatchObject({
    total: { amount: '9900' },
    status: 'PAID',
  });
});

it('downgrade at the end of the period', async () => {
  const one = await subscriber(january);
  const set = await one.change('updateSubscription', { priceId: prices.small!.id, at: 'PERIOD_END' });
  expect(set).toMatchObject({
    price: { id: prices.pro!.id },
    pendingChange: { appliesAt: iso(february), price: { id: prices.small!.id } },
  });
  expect(await one.at(february - hour)).toMatchObject({
    price: { id: prices.pro!.id },
    pendingChange: { appliesAt: iso(february) },
  });
  expect(await one.at(february + 2 * hour)).toMatchObject({
    price: { id: prices.small!.id },
    pendingChange: null,
    currentPeriodEnd: iso(march),
    latestInvoice: { total: { amount: '900' }, status: 'PAID', lines: { nodes: [{ proration: false }] } },
  });
  // Stripe's schedule is there still, for a day, and in nobody's way.
  const ends = await one.change('cancelSubscription');
  expect(ends).toMatchObject({ cancelAtPeriodEnd: true, price: { id: prices.small!.id } });
  expect(await one.at(march + 2 * hour)).toMatchObject({ status: 'CANCELED', hasAccess: false });
});

it('cancel and resume', async () => {
  const one = await subscriber(january);
  expect(await one.change('cancelSubscription')).toMatchObject({ hasAccess: true, willRenew: false });
  expect(await one.change('resumeSubscription')).toMatchObject({ hasAccess: true, willRenew: true });
  expect(await one.at(february + 2 * hour)).toMatchObject({
    status: 'ACTIVE',
    currentPeriodEnd: iso(march),
    latestInvoice: { status: 'PAID' },
  });
  await one.change('cancelSubscription');
  expect(await one.at(march - hour)).toMatchObject({ status: 'ACTIVE', hasAccess: true, willRenew: false });
  expect(await one.at(march + hour)).toMatchObject({ status: 'CANCELED', hasAccess: false, willRenew: false });
});
