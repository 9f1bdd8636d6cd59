import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type Stripe from 'stripe';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { definitions } from '../../src/analytics/metrics/definitions.ts';
import { routingMetadata } from '../../src/tenant.ts';
import { type Billgraph, createTenant, startBillgraph, type TestTenant } from '../rig/billgraph.ts';
import { ask } from '../rig/graph.ts';

type Interval = Stripe.PriceCreateParams.Recurring.Interval;
type Example = {
  items: { price: { unit_amount: number; interval: Interval; interval_count?: number }; quantity?: number }[];
  coupon?: Stripe.CouponCreateParams;
  trial_period_days?: number;
  mrr: string;
  trialMrr?: string;
};

const text = readFileSync(join(import.meta.dirname, '../../docs/analytics.md'), 'utf8');
const examples = [...text.matchAll(/^(\S[^\n]*):\n\n```json\n(.*?)```/gms)].map(
  ([, says = '', json = '']) => [says, JSON.parse(json) as Example] as const,
);

let billgraph: Billgraph;
let tenant: TestTenant;
beforeAll(async () => {
  billgraph = await startBillgraph();
  tenant = await createTenant(billgraph);
});
afterAll(() => billgraph.close());

/** @returns Stripe's id of the customer, who has nothing else. */
async function subscribe({ items, coupon, trial_period_days }: Example): Promise<string> {
  const { stripe } = tenant;
  const metadata = routingMetadata(tenant);
  const customer = await stripe.customers.create({ metadata });
  const card = await stripe.paymentMethods.attach('pm_card_visa', { customer: customer.id });
  const product = await stripe.products.create({ name: 'Example', metadata });
  const priced: Stripe.SubscriptionCreateParams.Item[] = [];
  for (const { price, quantity } of items) {
    const { unit_amount, ...recurring } = price;
    const made = await stripe.prices.create({ product: product.id, currency: 'usd', unit_amount, recurring });
    priced.push({ price: made.id, ...(quantity ? { quantity } : {}) });
  }
  await stripe.subscriptions.create({
    customer: customer.id,
    items: priced,
    default_payment_method: card.id,
    ...(coupon ? { discounts: [{ coupon: (await stripe.coupons.create(coupon)).id }] } : {}),
    ...(trial_period_days ? { trial_period_days } : {}),
  });
  return customer.id;
}

it('the examples of docs/analytics.md come to what it says', async () => {
  expect(examples.length).toBeGreaterThanOrEqual(7);
  const customers = await Promise.all(examples.map(([, example]) => subscribe(example)));
  await billgraph.settled();
  const question = `query ($by: CustomerBy!) { customer(by: $by) { id }
    mrrContributors(currency: "USD", trials: true, first: 100, asOf: "9999-01-01T00:00:00Z") { nodes { customerId mrr { exact } trialMrr { exact } } } }`;
  for (const [at, [says, { mrr, trialMrr = '0' }]] of examples.entries()) {
    const { data } = await ask(billgraph, tenant.apiKey, question, { by: { stripeId: customers[at] } });
    const own = data.mrrContributors.nodes.filter((node: any) => node.customerId === data.customer.id);
    expect([says, own]).toMatchObject([says, [{ mrr: { exact: mrr }, trialMrr: { exact: trialMrr } }]]);
  }
  const all = await ask(billgraph, tenant.apiKey, '{ analytics { amounts { currency mrr { exact definition } } } }');
  expect(all.data.analytics.amounts).toMatchObject([{ currency: 'USD', mrr: { definition: definitions.mrr } }]);
});
