import { afterAll, beforeAll, expect, it } from 'vitest';
import { randomOf } from '../reader/tenants.ts';
import { type Billgraph, createTenant, startBillgraph, type TestTenant } from '../rig/billgraph.ts';
import { forwardingOf } from '../rig/forwarding.ts';
import { ask } from '../rig/graph.ts';
import { advance, day, giveCard } from '../sandbox/clock.rig.ts';

/** A month of usage, reported here and billed by Stripe to the cent. */

const seed = Number(process.env.SEED ?? Math.floor(Math.random() * 1e9));
const random = randomOf(seed);
let billgraph: Billgraph;
let tenant: TestTenant;
let rig: ReturnType<typeof forwardingOf>;
beforeAll(async () => {
  billgraph = await startBillgraph();
  tenant = await createTenant(billgraph);
  rig = forwardingOf(billgraph, tenant);
});
afterAll(() => billgraph.close());

/** Of 1,800 calls: 100 are free, 900 cost 2.5 cents each, and the rest an eighth of one. */
const total = 1_800;
const cents = 900 * 2.5 + 800 * 0.125;

it(`is billed for what was used, corrected and late as it is, with SEED=${seed}`, { timeout: 60_000 }, async () => {
  const { stripe, apiKey } = tenant;
  const meter = await rig.newMeter('SUM');
  const start = Math.floor(Date.now() / 1000) - 34 * day;
  const at = (seconds: number) => new Date((start + seconds) * 1000).toISOString();
  const clock = await stripe.testHelpers.testClocks.create({ frozen_time: start });
  const { id: stripeCustomerId } = await stripe.customers.create({ email: 'a@example.com', test_clock: clock.id });
  await giveCard(stripe, stripeCustomerId);
  const link = 'mutation ($input: LinkStripeCustomerInput!) { linkStripeCustomer(input: $input) { customer { id } } }';
  const linked = await ask(billgraph, apiKey, link, { input: { stripeCustomerId } });
  const customerId = linked.data.linkStripeCustomer.customer.id;
  const tiers = [
    { up_to: 100, unit_amount: 0 },
    { up_to: 1_000, unit_amount_decimal: '2.5' },
    { up_to: 'inf', unit_amount_decimal: '0.125' },
  ];
  const price = await stripe.prices.create({
    currency: 'usd',
    product_data: { name: 'Calls' },
    recurring: { interval: 'month', usage_type: 'metered', meter: meter.stripeMeterId },
    billing_scheme: 'tiered',
    tiers_mode: 'graduated',
    tiers: tiers as never,
  });
  const subscription = await stripe.subscriptions.create({ customer: stripeCustomerId, items: [{ price: price.id }] });
  await billgraph.settled();

  const use = async (...events: { value: string; timestamp: string; identifier?: string }[]) =>
    expect(new Set(await rig.report(events.map((event) => ({ meter: meter.id, customerId, ...event }))))).toEqual(
      new Set(['RECORDED']),
    );
  // The last event of each share is what is left of it, so that the whole is known.
  for (const [upTo, share] of [
    [9, 600],
    [18, 600],
    [27, 600],
  ] as const) {
    await advance(stripe, clock.id, start + upTo * day);
    const parts = Array.from({ length: 20 }, () => random(25) + 0.25 * random(4));
    const rest = share - parts.reduce((sum, part) => sum + part, 0);
    await use(...[...parts, rest].map((part) => ({ value: String(part), timestamp: at(random(upTo * day)) })));
  }
  await use(
    { value: '77', timestamp: at(3 * day), identifier: 'wrong' },
    { value: '1', timestamp: at(0), identifier: 'unit' },
  );
  await billgraph.settled();
  await rig.voidUsage({ event: { identifier: 'wrong' }, reason: 'Reported twice' });
  await rig.replaceUsage({ event: { identifier: 'unit' }, value: '0', reason: 'Of a test' });
  await billgraph.settled();

  await advance(stripe, clock.id, start + 33 * day);
  await billgraph.settled();
  const [invoice] = (await stripe.invoices.list({ subscription: subscription.id })).data;
  const [line] = invoice!.lines.data.filter(({ quantity }) => quantity);
  const range = { from: at(0), to: new Date(line!.period.end * 1000).toISOString() };
  const { data, errors } = await rig.usage({ customer: { id: customerId }, meter: { id: meter.id }, range });
  expect(errors).toBeUndefined();
  expect(data.usage.value).toBe(String(total));
  const billed = await ask(
    billgraph,
    apiKey,
    `{ invoices(filter: { customerId: "${customerId}" }) { nodes { status total { amount } } } }`,
  );
  expect(billed.data.invoices.nodes.at(-1)).toEqual({ status: 'PAID', total: { amount: String(cents) } });
  expect(invoice).toMatchObject({ total: cents, status: 'paid' });
});
