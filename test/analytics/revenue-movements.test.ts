import type Stripe from 'stripe';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { driftOf, reconcile } from '../reconciliation/reconciliation.rig.ts';
import { type Billgraph, createTenant, startBillgraph, type TestTenant } from '../rig/billgraph.ts';
import { createPrice } from '../rig/checkout.ts';
import { asOwner } from '../rig/database.ts';
import { ask } from '../rig/graph.ts';
import { type Subscriber, subscribe } from '../rig/subscriptions.ts';

let billgraph: Billgraph;
let tenant: TestTenant;
let stripe: Stripe;
let price: Stripe.Price;
beforeAll(async () => {
  billgraph = await startBillgraph();
  tenant = await createTenant(billgraph);
  ({ stripe } = tenant);
  price = await createPrice(tenant, { unitAmount: 1000 });
});
afterAll(() => billgraph.close());

const query = (sql: string, values: unknown[]) => asOwner(billgraph.databaseUrl, sql, values);

/**
 * The movements of a subscription, as text, with the seconds in which they occurred. Whether it was seen before it was paid for is left to
 * which webhook came first.
 */
async function movementsOf({ id }: { id: string }) {
  const rows = await query(
    `select concat_ws(' ', type, currency, (numerator / denominator)::float8, nullif((trial_numerator / trial_denominator)::float8, 0), status_after) as told,
       extract(epoch from occurred_at)::float8 as at
     from revenue_movement where subscription_id = $1 and status_after <> 'INCOMPLETE' order by ordinal`,
    [id],
  );
  return rows.map(({ told, at }) => [told, at] as const);
}
const toldOf = async (one: { id: string }) => (await movementsOf(one)).map(([told]) => told);
const instantsOf = async (one: { id: string }) => (await movementsOf(one)).map(([, at]) => at);
const mrrOf = async ({ id }: { id: string }) =>
  (
    await query(
      'select (mrr_numerator / mrr_denominator)::float8 as mrr from subscription_revenue where subscription_id = $1',
      [id],
    )
  )[0]?.mrr;
const wake = async (lane: string) => {
  await query(
    'insert into lane (key, run_at) values ($1, now()) on conflict (key) do update set run_at = now(), gen = lane.gen + 1',
    [lane],
  );
  await billgraph.settled();
};
const one = (of: Parameters<typeof subscribe>[3] = {}) =>
  subscribe(billgraph, tenant, [{ price: price.id, quantity: 2 }], of);
/** Newer versions take no coupon for a customer. */
const giveCustomer = ({ stripeCustomerId }: Subscriber, coupon: string) =>
  stripe.customers.update(stripeCustomerId, { coupon } as object, { apiVersion: '2026-08-26.dahlia' });
const off = (coupon: Stripe.CouponCreateParams) => stripe.coupons.create(coupon);

describe('movements', () => {
  it('of a life: what it says of itself is when they occurred', async () => {
    const subscriber = await one({ trial_period_days: 7 });
    const begun = await stripe.subscriptions.retrieve(subscriber.stripeId);
    const active = await stripe.subscriptions.update(subscriber.stripeId, { trial_end: 'now' });
    await billgraph.settled();
    await stripe.subscriptions.update(subscriber.stripeId, { items: [{ id: begun.items.data[0]!.id, quantity: 3 }] });
    await billgraph.settled();
    await stripe.subscriptions.update(subscriber.stripeId, { pause_collection: { behavior: 'void' } });
    await billgraph.settled();
    await stripe.subscriptions.update(subscriber.stripeId, { pause_collection: '' });
    await billgraph.settled();
    const ended = await stripe.subscriptions.cancel(subscriber.stripeId);
    await billgraph.settled();
    expect(await toldOf(subscriber)).toEqual([
      'USD 0 2000 TRIALING',
      'NEW USD 2000 -2000 ACTIVE',
      'EXPANSION USD 1000 ACTIVE',
      'CHURN USD -3000 ACTIVE',
      'REACTIVATION USD 3000 ACTIVE',
      'CHURN USD -3000 CANCELED',
    ]);
    const instants = await instantsOf(subscriber);
    expect([instants[0], instants[1], instants.at(-1)]).toEqual([begun.created, active.trial_end, ended.ended_at]);
    expect(instants).toEqual(instants.toSorted((a, b) => a - b));
  });

  it('are none where nothing that counts has changed', async () => {
    const subscriber = await one();
    await stripe.subscriptions.update(subscriber.stripeId, { metadata: { note: 'x' } });
    await stripe.subscriptions.update(subscriber.stripeId, { cancel_at_period_end: true });
    await billgraph.settled();
    expect(await toldOf(subscriber)).toEqual(['NEW USD 2000 ACTIVE']);
  });

  it('of a discount occur when it begins, and when it is taken away', async () => {
    const subscriber = await one();
    const { id: coupon } = await off({ percent_off: 12.5, duration: 'forever', name: 'Friends' });
    await stripe.subscriptions.update(subscriber.stripeId, { discounts: [{ coupon }] });
    await billgraph.settled();
    await stripe.subscriptions.deleteDiscount(subscriber.stripeId);
    await billgraph.settled();
    expect(await toldOf(subscriber)).toEqual([
      'NEW USD 2000 ACTIVE',
      'CONTRACTION USD -250 ACTIVE',
      'EXPANSION USD 250 ACTIVE',
    ]);
  });

  it('of a discount that ends by itself occur then, without a word of Stripe’s', async () => {
    const { id: coupon } = await off({
      amount_off: 500,
      currency: 'usd',
      duration: 'repeating',
      duration_in_months: 1,
    });
    const subscriber = await one({ discounts: [{ coupon }] });
    expect(await mrrOf(subscriber)).toBe(1500);
    const [{ changes_at: due, lane }] = await query(
      `select changes_at::text, (select run_at::text from lane where key = 'revenue/subscription/' || subscription_id) as lane
       from subscription_revenue where subscription_id = $1`,
      [subscriber.id],
    );
    expect(due).toBe(lane);
    // A month later: as if all of it had been a month ago.
    await query(
      `update subscription set discounts = jsonb_set(discounts, '{0,end}', to_jsonb(to_char(now() at time zone 'utc', 'YYYY-MM-DD"T"HH24:MI:SS"Z"'))) where id = $1`,
      [subscriber.id],
    );
    await wake(`revenue/subscription/${subscriber.id}`);
    expect(await toldOf(subscriber)).toEqual(['NEW USD 1500 ACTIVE', 'EXPANSION USD 500 ACTIVE']);
  });

  it("of the customer's discount reach every subscription that has none of its own", async () => {
    const { id: own } = await off({ percent_off: 50, duration: 'forever' });
    const subscriber = await one();
    const { id: stripeId } = await stripe.subscriptions.create({
      customer: subscriber.stripeCustomerId,
      items: [{ price: price.id }],
      discounts: [{ coupon: own }],
    });
    const { id: coupon } = await off({ percent_off: 10, duration: 'forever' });
    await giveCustomer(subscriber, coupon);
    await billgraph.settled();
    const [other] = await query('select id from subscription where stripe_subscription_id = $1', [stripeId]);
    expect([await mrrOf(subscriber), await mrrOf(other)]).toEqual([1800, 500]);
    await stripe.customers.deleteDiscount(subscriber.stripeCustomerId);
    await billgraph.settled();
    expect(await toldOf(subscriber)).toEqual([
      'NEW USD 2000 ACTIVE',
      'CONTRACTION USD -200 ACTIVE',
      'EXPANSION USD 200 ACTIVE',
    ]);
    expect(await toldOf(other)).toEqual(['NEW USD 500 ACTIVE']);
  });

  it('of a price that costs something else in the currency of a subscription', async () => {
    const euros = (unit_amount: number) => ({ currency_options: { eur: { unit_amount } } });
    const { id } = await stripe.prices.create({
      product: price.product as string,
      currency: 'usd',
      unit_amount: 1000,
      recurring: { interval: 'year' },
      ...euros(2400),
    });
    const subscriber = await subscribe(billgraph, tenant, [{ price: id }], { currency: 'eur' });
    await stripe.prices.update(id, euros(3600));
    await billgraph.settled();
    expect(await toldOf(subscriber)).toEqual(['NEW EUR 200 ACTIVE', 'EXPANSION EUR 100 ACTIVE']);
  });

  it('of a subscription that an older server wrote are made of what it shows', async () => {
    const subscriber = await one({ trial_period_days: 7 });
    await stripe.subscriptions.update(subscriber.stripeId, { trial_end: 'now' });
    await billgraph.settled();
    const known = await movementsOf(subscriber);
    await query('delete from revenue_movement where subscription_id = $1', [subscriber.id]);
    await query('delete from subscription_revenue where subscription_id = $1', [subscriber.id]);
    await wake('revenue/first');
    expect(await movementsOf(subscriber)).toEqual(known);
    expect(await mrrOf(subscriber)).toBe(2000);
  });
});

describe('discounts', () => {
  const document = `query ($id: ID!, $customer: CustomerBy!) {
    subscription(id: $id) { currency discounts { ...d } items { nodes { discounts { couponId } } } }
    customer(by: $customer) { discount { ...d } }
  }
  fragment d on Discount { couponId promotionCodeId name percentOff amountOff { amount currency } duration stripeProductIds start end }`;
  const shownOf = async ({ id, customerId }: Subscriber) => {
    const { data, errors } = await ask(billgraph, tenant.apiKey, document, { id, customer: { id: customerId } });
    expect(errors).toBeUndefined();
    return data;
  };

  it('are published, with what their coupons give', async () => {
    const { id: share } = await off({
      percent_off: 12.5,
      duration: 'repeating',
      duration_in_months: 3,
      name: 'Friends',
    });
    const product = price.product as string;
    const { id: amount } = await off({
      amount_off: 300,
      currency: 'usd',
      duration: 'forever',
      applies_to: { products: [product] },
    });
    const subscriber = await one({ discounts: [{ coupon: share }, { coupon: amount }] });
    await giveCustomer(subscriber, amount);
    await stripe.coupons.del(amount);
    await billgraph.settled();
    const ofAmount = {
      couponId: amount,
      promotionCodeId: null,
      name: null,
      percentOff: null,
      amountOff: { amount: '300', currency: 'USD' },
      duration: 'FOREVER',
      stripeProductIds: [product],
      start: expect.any(String),
      end: null,
    };
    const shown = await shownOf(subscriber);
    expect(shown.subscription).toMatchObject({ currency: 'USD', items: { nodes: [{ discounts: [] }] } });
    expect(shown.subscription.discounts).toMatchObject([
      {
        couponId: share,
        name: 'Friends',
        percentOff: '12.5',
        amountOff: null,
        duration: 'REPEATING',
        stripeProductIds: null,
      },
      ofAmount,
    ]);
    expect(shown.subscription.discounts[0].end > shown.subscription.discounts[0].start).toBe(true);
    expect(shown.customer.discount).toEqual(ofAmount);
    expect(await mrrOf(subscriber)).toBe(1450);
  });

  it('that differ from Stripe’s are drift, and healed', async () => {
    const { id: coupon } = await off({ percent_off: 50, duration: 'forever' });
    const subscriber = await one({ discounts: [{ coupon }] });
    await query(`update subscription set discounts = '[]' where id = $1`, [subscriber.id]);
    await reconcile(billgraph, tenant);
    const { items } = await driftOf(billgraph, tenant);
    const fields = items.filter(({ object }: { object: string }) => object === subscriber.stripeId);
    expect(fields).toMatchObject([{ field: 'discounts', local: '[]', stripe: expect.stringContaining(coupon) }]);
    expect((await shownOf(subscriber)).subscription.discounts).toHaveLength(1);
    expect(await mrrOf(subscriber)).toBe(1000);
  });
});
