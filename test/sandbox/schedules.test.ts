import type Stripe from 'stripe';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { advance, at, customerOnClock, day, history, newYear, subscribe } from './clock.rig.ts';
import { makeMonthlyPrice, refusal, startTestSandbox, stripeAt } from './sandbox.rig.ts';

let sandbox: Awaited<ReturnType<typeof startTestSandbox>>;
beforeAll(async () => {
  sandbox = await startTestSandbox();
});
afterAll(() => sandbox.close());

/** A monthly subscription of $15 under a clock, with its schedule, and a price of $5 to go to. */
async function scheduled() {
  const stripe = stripeAt(sandbox.url);
  const { clock, customer } = await customerOnClock(stripe);
  const subscription = await subscribe(stripe, customer);
  const { id: price } = subscription.items.data[0]!.price;
  const { product } = await makeMonthlyPrice(stripe);
  const recurring = { interval: 'month' as const };
  const small = await stripe.prices.create({
    product: product as string,
    currency: 'usd',
    unit_amount: 500,
    recurring,
  });
  const schedule = await stripe.subscriptionSchedules.create({ from_subscription: subscription.id });
  const phases = (next: Stripe.SubscriptionScheduleUpdateParams.Phase) => [
    { start_date: newYear, end_date: at(2027, 2), items: [{ price, quantity: 1 }] },
    next,
  ];
  const set = (next: Partial<Stripe.SubscriptionScheduleUpdateParams.Phase> = {}, more: object = {}) =>
    stripe.subscriptionSchedules.update(schedule.id, {
      phases: phases({ items: [{ price: small.id, quantity: 2 }], duration: { interval: 'day' }, ...next }),
      ...more,
    });
  return { stripe, clock, customer, subscription, price, small, schedule, set };
}

describe('a schedule from a subscription', () => {
  it('holds the current period, lets it change with the next, bills that alone, and lets the subscription go', async () => {
    const { stripe, clock, subscription, price, small, schedule, set } = await scheduled();
    expect(schedule).toMatchObject({
      status: 'active',
      end_behavior: 'release',
      subscription: subscription.id,
      current_phase: { start_date: newYear, end_date: at(2027, 2) },
      phases: [{ items: [{ price, quantity: 1 }] }],
    });
    expect(await set({}, { expand: ['subscription'] })).toMatchObject({
      subscription: { id: subscription.id, schedule: schedule.id, items: { data: [{ price: { id: price } }] } },
    });

    await advance(stripe, clock, at(2027, 2) + 2 * 3_600);
    const now = await stripe.subscriptions.retrieve(subscription.id);
    expect(now.items.data).toMatchObject([{ price: { id: small.id }, quantity: 2, current_period_end: at(2027, 3) }]);
    const [invoice] = (await stripe.invoices.list({ subscription: subscription.id })).data;
    expect(invoice).toMatchObject({ total: 1_000, status: 'paid', lines: { data: [{ amount: 1_000 }] } });

    await advance(stripe, clock, at(2027, 2) + 2 * day);
    expect((await stripe.subscriptions.retrieve(subscription.id)).schedule).toBeNull();
    expect(await stripe.subscriptionSchedules.retrieve(schedule.id)).toMatchObject({
      status: 'released',
      subscription: null,
      released_subscription: subscription.id,
    });
    await advance(stripe, clock, at(2027, 3) + 2 * 3_600);
    expect((await stripe.invoices.list({ subscription: subscription.id })).data[0]).toMatchObject({ total: 1_000 });
    const told = (await history(stripe)).map(({ type }) => type).filter((type) => type.startsWith('subscription_s'));
    expect(told).toEqual(['created', 'updated', 'updated', 'released'].map((what) => `subscription_schedule.${what}`));
  });

  it('takes along the discounts that its next phase names, and no others', async () => {
    for (const named of [true, false]) {
      const { stripe, clock, subscription, schedule, price, small } = await scheduled();
      await stripe.subscriptionSchedules.release(schedule.id);
      const { id: coupon } = await stripe.coupons.create({ percent_off: 50, duration: 'forever' });
      const { discounts } = await stripe.subscriptions.update(subscription.id, { discounts: [{ coupon }] });
      const { id, phases } = await stripe.subscriptionSchedules.create({ from_subscription: subscription.id });
      expect(phases).toMatchObject([{ discounts: [{ discount: discounts[0] }] }]);
      const kept = named ? { discounts: [{ discount: discounts[0] as string }] } : {};
      await stripe.subscriptionSchedules.update(id, {
        phases: [
          { start_date: newYear, end_date: at(2027, 2), items: [{ price, quantity: 1 }], ...kept },
          { items: [{ price: small.id, quantity: 2 }], duration: { interval: 'day' }, ...kept },
        ],
      });
      await advance(stripe, clock, at(2027, 2) + 2 * 3_600);
      const [invoice] = (await stripe.invoices.list({ subscription: subscription.id })).data;
      expect(invoice).toMatchObject({ total: named ? 500 : 1_000 });
      const none = stripe.subscriptionSchedules.update(id, {
        phases: [{ start_date: newYear, items: [{ price }], discounts: [{ coupon: 'none' }] }],
      });
      expect((await refusal(none)).param).toMatch(/phases\[0\]/);
    }
  });

  it('begins a year where the next price is yearly', async () => {
    const { stripe, clock, subscription, set } = await scheduled();
    const { product } = await makeMonthlyPrice(stripe);
    const recurring = { interval: 'year' as const };
    const yearly = await stripe.prices.create({
      product: product as string,
      currency: 'usd',
      unit_amount: 9_000,
      recurring,
    });
    await set({ items: [{ price: yearly.id }] });
    await advance(stripe, clock, at(2027, 2) + 2 * 3_600);
    const { items, billing_cycle_anchor } = await stripe.subscriptions.retrieve(subscription.id);
    expect(billing_cycle_anchor).toBe(at(2027, 2));
    expect(items.data).toMatchObject([{ current_period_start: at(2027, 2), current_period_end: at(2028, 2) }]);
    expect((await stripe.invoices.list({ subscription: subscription.id })).data[0]).toMatchObject({ total: 9_000 });
  });

  it('lets the subscription go as it is, when told; and goes with a subscription that ends', async () => {
    const { stripe, clock, subscription, price, schedule, set } = await scheduled();
    await set();
    await stripe.subscriptionSchedules.release(schedule.id);
    await advance(stripe, clock, at(2027, 2) + 2 * 3_600);
    const { items } = await stripe.subscriptions.retrieve(subscription.id);
    expect(items.data).toMatchObject([{ price: { id: price } }]);
    const other = await scheduled();
    await other.stripe.subscriptions.cancel(other.subscription.id);
    expect(await other.stripe.subscriptionSchedules.retrieve(other.schedule.id)).toMatchObject({ status: 'canceled' });
    expect((await stripe.subscriptionSchedules.list()).data).toMatchObject([{ id: schedule.id }]);
  });
});

describe('a schedule refuses', () => {
  it('that anybody else says when its subscription ends, or a second schedule', async () => {
    const { stripe, subscription } = await scheduled();
    const { id } = subscription;
    for (const change of [{ cancel_at_period_end: true }, { cancel_at: at(2028, 1) }])
      expect((await refusal(stripe.subscriptions.update(id, change))).message).toContain(
        'is managed by the subscription schedule',
      );
    expect((await refusal(stripe.subscriptions.pause(id, {}))).message).toContain('attached schedules');
    expect(await refusal(stripe.subscriptionSchedules.create({ from_subscription: id }))).toMatchObject({
      param: 'from_subscription',
      message: expect.stringContaining('already attached'),
    });
  });

  it('phases that begin elsewhere, are over, or bill in another currency; and more once it was released', async () => {
    const { stripe, schedule, set, price, small } = await scheduled();
    const update = (phases: Stripe.SubscriptionScheduleUpdateParams.Phase[]) =>
      refusal(stripe.subscriptionSchedules.update(schedule.id, { phases }));
    const items = [{ price, quantity: 1 }];
    expect(await update([{ items }])).toMatchObject({ param: 'phases[0][start_date]' });
    expect(await update([{ items, start_date: newYear + 1 }])).toMatchObject({ param: 'phases[0][start_date]' });
    expect(await update([{ items, start_date: newYear, end_date: newYear }])).toMatchObject({
      param: 'phases[0][end_date]',
    });
    const { product } = await makeMonthlyPrice(stripe);
    const recurring = { interval: 'month' as const };
    const euro = await stripe.prices.create({ product: product as string, currency: 'eur', unit_amount: 1, recurring });
    expect(await refusal(set({ items: [{ price: euro.id }] }))).toMatchObject({ param: 'phases[1][items][0][price]' });
    await stripe.prices.update(small.id, { active: false });
    expect(await refusal(set())).toMatchObject({ param: 'phases[1][items][0][price]' });
    await stripe.subscriptionSchedules.release(schedule.id);
    expect((await refusal(set())).message).toContain('`released` status');
    expect((await refusal(stripe.subscriptionSchedules.release(schedule.id))).message).toContain('`released` status');
  });
});
