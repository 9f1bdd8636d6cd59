import { afterAll, beforeAll, expect, it } from 'vitest';
import { type Billgraph, createTenant, startBillgraph, type TestTenant } from '../rig/billgraph.ts';
import { forwardingOf } from '../rig/forwarding.ts';
import { ask } from '../rig/graph.ts';
import { advance, day, giveCard } from '../sandbox/clock.rig.ts';

let billgraph: Billgraph;
let tenant: TestTenant;
let rig: ReturnType<typeof forwardingOf>;
beforeAll(async () => {
  billgraph = await startBillgraph();
  tenant = await createTenant(billgraph);
  rig = forwardingOf(billgraph, tenant);
});
afterAll(() => billgraph.close());

/** A customer of a clock who was billed by the week for a fortnight and a day, and is by the month since. */
async function fromWeeksToMonths(meter: { stripeMeterId: string }) {
  const { stripe, apiKey } = tenant;
  const start = Math.floor(Date.now() / 1000) - 20 * day;
  const clock = await stripe.testHelpers.testClocks.create({ frozen_time: start });
  const { id: customer } = await stripe.customers.create({
    email: `${meter.stripeMeterId}@example.com`,
    test_clock: clock.id,
  });
  await giveCard(stripe, customer);
  const link = 'mutation ($input: LinkStripeCustomerInput!) { linkStripeCustomer(input: $input) { customer { id } } }';
  const linked = await ask(billgraph, apiKey, link, { input: { stripeCustomerId: customer } });
  const [weekly, monthly] = await Promise.all(
    (['week', 'month'] as const).map((interval) =>
      stripe.prices.create({
        currency: 'usd',
        unit_amount: 100,
        product_data: { name: 'Seats' },
        recurring: { interval, usage_type: 'metered', meter: meter.stripeMeterId },
      }),
    ),
  );
  const subscription = await stripe.subscriptions.create({ customer, items: [{ price: weekly!.id }] });
  for (const days of [8, 15]) await advance(stripe, clock.id, start + days * day);
  const items = [{ id: subscription.items.data[0]!.id, price: monthly!.id }];
  await stripe.subscriptions.update(subscription.id, { items });
  await advance(stripe, clock.id, start + 20 * day);
  await billgraph.settled();
  return { customerId: linked.data.linkStripeCustomer.customer.id as string, start };
}

it.each(['MAX', 'LAST'])(
  'a late value of %s changes the period that it was used in, which was of another length',
  async (aggregation) => {
    const meter = await rig.newMeter(aggregation);
    const { customerId, start } = await fromWeeksToMonths(meter);
    const use = async (value: string, after: number) => {
      const timestamp = new Date((start + after * day) * 1000).toISOString();
      expect(await rig.report([{ meter: meter.id, customerId, value, timestamp }])).toEqual(['RECORDED']);
      await billgraph.settled();
    };
    // Of this month, of the second week, and, late, of the first week.
    await use('4', 17);
    await use('5', 9);
    await use('50', 3);
    await use('6', 8);
    const rows = await rig.sql(
      `select stripe_value::float8 as value, floor((extract(epoch from stripe_at) - $2) / 86400)::int as day, state
     from usage_forwarding where customer_id = $1 order by id`,
      [customerId, start],
    );
    const late = { MAX: { value: 6, day: 9 }, LAST: { value: 5, day: 9 } }[aggregation];
    expect(rows).toEqual(
      [{ value: 4, day: 17 }, { value: 5, day: 9 }, { value: 50, day: 3 }, late].map((one) => ({
        ...one,
        state: 'COUNTED',
      })),
    );
  },
);
