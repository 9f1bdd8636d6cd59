import type Stripe from 'stripe';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { makeMonthlyPrice, refusal, startTestSandbox, stripeAt, submitCheckout } from './sandbox.rig.ts';

let sandbox: Awaited<ReturnType<typeof startTestSandbox>>;
beforeAll(async () => {
  sandbox = await startTestSandbox();
});
afterAll(() => sandbox.close());

const success_url = 'https://app.example.com/ok';

async function eventTypes(stripe: Stripe) {
  return (await stripe.events.list({ limit: 100 })).data.map(({ type }) => type).reverse();
}

function promotionOf(stripe: Stripe, coupon: Stripe.Coupon, given: Partial<Stripe.PromotionCodeCreateParams> = {}) {
  return stripe.promotionCodes.create({ promotion: { type: 'coupon', coupon: coupon.id }, ...given });
}

async function openSession(stripe: Stripe, given: Partial<Stripe.Checkout.SessionCreateParams> = {}) {
  const price = await makeMonthlyPrice(stripe);
  const line_items = [{ price: price.id, quantity: 1 }];
  return stripe.checkout.sessions.create({ mode: 'subscription', line_items, success_url, ...given });
}

async function customerWithCard(stripe: Stripe) {
  return stripe.customers.create({
    payment_method: 'pm_card_visa',
    invoice_settings: { default_payment_method: 'pm_card_visa' },
  });
}

describe('a coupon', () => {
  it('is made, renamed, listed and deleted', async () => {
    const stripe = stripeAt(sandbox.url);
    const product = await stripe.products.create({ name: 'Pro' });
    const coupon = await stripe.coupons.create({
      id: 'SPRING',
      percent_off: 12.5,
      duration: 'repeating',
      duration_in_months: 3,
      applies_to: { products: [product.id] },
    });
    expect(coupon).toMatchObject({ id: 'SPRING', percent_off: 12.5, valid: true, times_redeemed: 0 });
    expect(coupon.applies_to).toBeUndefined();
    const expanded = await stripe.coupons.retrieve('SPRING', { expand: ['applies_to'] });
    expect(expanded.applies_to).toEqual({ products: [product.id] });
    expect((await refusal(stripe.coupons.create({ id: 'SPRING', percent_off: 1 }))).code).toBe(
      'resource_already_exists',
    );
    expect((await stripe.coupons.update('SPRING', { name: 'Spring' })).name).toBe('Spring');
    expect((await stripe.coupons.list()).data).toHaveLength(1);
    expect(await stripe.coupons.del('SPRING')).toMatchObject({ deleted: true });
    expect((await refusal(stripe.coupons.retrieve('SPRING'))).statusCode).toBe(404);
    expect(await eventTypes(stripe)).toEqual(['product.created', 'coupon.created', 'coupon.updated', 'coupon.deleted']);
  });

  it.each<[string, Stripe.CouponCreateParams, string]>([
    ['nothing off', {}, 'percent_off'],
    ['two ways at once', { percent_off: 5, amount_off: 5, currency: 'usd' }, 'amount_off'],
    ['more than all', { percent_off: 101 }, 'percent_off'],
    ['less than nothing', { amount_off: -5, currency: 'usd' }, 'amount_off'],
    ['an amount of no currency', { amount_off: 500 }, 'currency'],
    ['repeating for ever', { percent_off: 5, duration: 'repeating' }, 'duration_in_months'],
    ['months of once', { percent_off: 5, duration_in_months: 3 }, 'duration_in_months'],
    ['a past end', { percent_off: 5, redeem_by: 1_000_000_000 }, 'redeem_by'],
    ['a product of nobody', { percent_off: 5, applies_to: { products: ['prod_none'] } }, 'applies_to[products]'],
  ])('refuses %s', async (_what, given, param) => {
    expect(await refusal(stripeAt(sandbox.url).coupons.create(given))).toMatchObject({ statusCode: 400, param });
  });
});

describe('a promotion code', () => {
  it('is made, switched off and found', async () => {
    const stripe = stripeAt(sandbox.url);
    const coupon = await stripe.coupons.create({ percent_off: 20 });
    const code = await promotionOf(stripe, coupon, { code: 'Hello20', metadata: { a: '1' } });
    expect(code).toMatchObject({ active: true, code: 'Hello20', promotion: { type: 'coupon', coupon: coupon.id } });
    expect((await refusal(promotionOf(stripe, coupon, { code: 'HELLO20' }))).code).toBe('resource_already_exists');
    const expanded = await stripe.promotionCodes.retrieve(code.id, { expand: ['promotion.coupon'] });
    expect(expanded.promotion.coupon).toMatchObject({ percent_off: 20 });
    expect((await stripe.promotionCodes.update(code.id, { active: false })).active).toBe(false);
    for (const code of ['Hello20', 'HELLO20'])
      expect((await stripe.promotionCodes.list({ code, active: false })).data).toHaveLength(1);
    expect((await stripe.promotionCodes.list({ coupon: coupon.id, active: true })).data).toEqual([]);
    expect((await promotionOf(stripe, coupon)).code).toMatch(/^[A-Z0-9]{8}$/);
    const spaced = await refusal(promotionOf(stripe, coupon, { code: 'a b' }));
    expect(spaced.param).toBe('code');
    const bare = await refusal(promotionOf(stripe, coupon, { restrictions: { minimum_amount: 5 } }));
    expect(bare.param).toBe('restrictions[minimum_amount_currency]');
    expect((await refusal(promotionOf(stripe, coupon, { expires_at: 1_000_000_000 }))).param).toBe('expires_at');
  });
});

describe('at checkout', () => {
  it('a typed code lowers the price, the subscription, and each of its invoices', async () => {
    const stripe = stripeAt(sandbox.url);
    const coupon = await stripe.coupons.create({ percent_off: 20, duration: 'forever' });
    const code = await promotionOf(stripe, coupon, { code: 'TWENTY', max_redemptions: 1 });
    const session = await openSession(stripe, { allow_promotion_codes: true });
    const wrong = await submitCheckout(session.url!, { action: 'apply', promotion_code: 'nothing' });
    expect(wrong.status).toBe(400);
    expect(await wrong.text()).toContain('There is no such promotion code.');
    const applied = await submitCheckout(session.url!, { action: 'apply', promotion_code: 'twenty', number: '' });
    expect(applied.status).toBe(200);
    expect(await applied.text()).toContain('$12.00');
    expect(await stripe.checkout.sessions.retrieve(session.id)).toMatchObject({
      amount_subtotal: 1_500,
      amount_total: 1_200,
      discounts: [{ coupon: null, promotion_code: code.id }],
      total_details: { amount_discount: 300 },
    });
    expect((await submitCheckout(session.url!)).status).toBe(303);
    const [subscription] = (
      await stripe.subscriptions.list({ expand: ['data.latest_invoice', 'data.discounts.source.coupon'] })
    ).data;
    expect(subscription!.discounts).toMatchObject([
      {
        checkout_session: session.id,
        promotion_code: code.id,
        source: { type: 'coupon', coupon: { percent_off: 20 } },
      },
    ]);
    expect(subscription!.latest_invoice).toMatchObject({
      subtotal: 1_500,
      total: 1_200,
      amount_paid: 1_200,
      total_discount_amounts: [{ amount: 300 }],
    });
    expect((await stripe.charges.list()).data).toMatchObject([{ amount: 1_200 }]);
    expect(await stripe.promotionCodes.retrieve(code.id)).toMatchObject({ active: false, times_redeemed: 1 });
    expect(await eventTypes(stripe)).toContain('customer.discount.created');
    const late = await openSession(stripe, { allow_promotion_codes: true });
    expect((await submitCheckout(late.url!, { promotion_code: 'TWENTY' })).status).toBe(400);
  });

  it('a given coupon takes an amount off a single payment, once', async () => {
    const stripe = stripeAt(sandbox.url);
    const coupon = await stripe.coupons.create({ amount_off: 2_000, currency: 'usd', max_redemptions: 1 });
    const price = await makeMonthlyPrice(stripe, { recurring: undefined });
    const line_items = [{ price: price.id, quantity: 2 }];
    const session = await openSession(stripe, { mode: 'payment', line_items, discounts: [{ coupon: coupon.id }] });
    expect(session).toMatchObject({ amount_total: 1_000, total_details: { amount_discount: 2_000 } });
    await submitCheckout(session.url!);
    expect((await stripe.paymentIntents.list()).data).toMatchObject([{ amount: 1_000, status: 'succeeded' }]);
    expect(await stripe.coupons.retrieve(coupon.id)).toMatchObject({ times_redeemed: 1, valid: false });
    const again = await refusal(openSession(stripe, { discounts: [{ coupon: coupon.id }] }));
    expect(again).toMatchObject({ code: 'coupon_expired', param: 'discounts[0][coupon]' });
  });

  it('refuses who and what a code is not for', async () => {
    const stripe = stripeAt(sandbox.url);
    const coupon = await stripe.coupons.create({ amount_off: 500, currency: 'usd' });
    const ada = await customerWithCard(stripe);
    const bob = await customerWithCard(stripe);
    const own = await promotionOf(stripe, coupon, { customer: ada.id });
    const first = await promotionOf(stripe, coupon, { restrictions: { first_time_transaction: true } });
    const dear = await promotionOf(stripe, coupon, {
      code: 'DEAR',
      restrictions: { minimum_amount: 5_000, minimum_amount_currency: 'usd' },
    });
    const price = await makeMonthlyPrice(stripe);
    await stripe.subscriptions.create({ customer: bob.id, items: [{ price: price.id }] });
    const euro = await makeMonthlyPrice(stripe, { currency: 'eur' });
    for (const [given, code] of [
      [{ customer: bob.id, discounts: [{ promotion_code: own.id }] }, 'promotion_code_customer_mismatch'],
      [{ customer: bob.id, discounts: [{ promotion_code: first.id }] }, 'promotion_code_not_first_time'],
      [
        { discounts: [{ coupon: coupon.id }], line_items: [{ price: euro.id, quantity: 1 }] },
        'coupon_currency_mismatch',
      ],
      [{ discounts: [{ coupon: 'none' }] }, 'resource_missing'],
    ] as [Partial<Stripe.Checkout.SessionCreateParams>, string][]) {
      expect((await refusal(openSession(stripe, given))).code).toBe(code);
    }
    const both = { allow_promotion_codes: true, discounts: [{ coupon: coupon.id }] };
    expect((await refusal(openSession(stripe, both))).param).toBe('allow_promotion_codes');
    const session = await openSession(stripe, { allow_promotion_codes: true });
    const small = await submitCheckout(session.url!, { promotion_code: dear.code });
    expect(await small.text()).toContain('minimum amount');
    expect(
      (await openSession(stripe, { customer: ada.id, discounts: [{ promotion_code: own.id }] })).amount_total,
    ).toBe(1_000);
  });
});

describe('a discount', () => {
  it('of a subscription for once is spent by its first invoice', async () => {
    const stripe = stripeAt(sandbox.url);
    const coupon = await stripe.coupons.create({ percent_off: 50, duration: 'once' });
    const customer = await customerWithCard(stripe);
    const price = await makeMonthlyPrice(stripe);
    const subscription = await stripe.subscriptions.create({
      customer: customer.id,
      items: [{ price: price.id }],
      discounts: [{ coupon: coupon.id }],
      expand: ['latest_invoice'],
    });
    expect(subscription.latest_invoice).toMatchObject({ subtotal: 1_500, total: 750, amount_paid: 750 });
    expect((await stripe.subscriptions.retrieve(subscription.id)).discounts).toEqual([]);
    expect(await eventTypes(stripe)).toEqual(
      expect.arrayContaining(['customer.discount.created', 'customer.discount.deleted']),
    );
    const given = await stripe.subscriptions.update(subscription.id, { discounts: [{ coupon: coupon.id }] });
    expect(given.discounts).toHaveLength(1);
    expect(await stripe.subscriptions.deleteDiscount(subscription.id)).toMatchObject({ deleted: true });
    expect((await refusal(stripe.subscriptions.deleteDiscount(subscription.id))).message).toContain(
      'No active discount',
    );
    const unknown = await refusal(stripe.subscriptions.update(subscription.id, { discounts: [{ coupon: 'none' }] }));
    expect(unknown.param).toBe('discounts[0][coupon]');
  });

  it('for some months is over when they are', async () => {
    const stripe = stripeAt(sandbox.url);
    const start = Date.UTC(2026, 0, 5) / 1_000;
    const clock = await stripe.testHelpers.testClocks.create({ frozen_time: start });
    const customer = await stripe.customers.create({
      payment_method: 'pm_card_visa',
      invoice_settings: { default_payment_method: 'pm_card_visa' },
      test_clock: clock.id,
    });
    const coupon = await stripe.coupons.create({ percent_off: 20, duration: 'repeating', duration_in_months: 2 });
    const price = await makeMonthlyPrice(stripe);
    const subscription = await stripe.subscriptions.create({
      customer: customer.id,
      items: [{ price: price.id }],
      discounts: [{ coupon: coupon.id }],
    });
    for (const days of [35, 65]) {
      await stripe.testHelpers.testClocks.advance(clock.id, { frozen_time: start + days * 86_400 });
      const status = async () => (await stripe.testHelpers.testClocks.retrieve(clock.id)).status;
      await expect.poll(status, { timeout: 10_000 }).toBe('ready');
    }
    const { data } = await stripe.invoices.list({ subscription: subscription.id });
    expect(data.map(({ total }) => total)).toEqual([1_500, 1_200, 1_200]);
    expect((await stripe.subscriptions.retrieve(subscription.id)).discounts).toEqual([]);
    const [ended] = (await stripe.events.list({ type: 'customer.discount.deleted' })).data;
    expect(ended!.created).toBe(Date.UTC(2026, 2, 5) / 1_000);
  });

  it('of a customer counts for all that it buys, until it is taken away', async () => {
    const stripe = stripeAt(sandbox.url);
    const coupon = await stripe.coupons.create({ percent_off: 10, duration: 'forever' });
    const customer = await customerWithCard(stripe);
    const given = { coupon: coupon.id } as object;
    const discounted = await stripe.customers.update(customer.id, given, { apiVersion: '2026-08-26.dahlia' });
    expect(discounted).toMatchObject({ discount: { source: { coupon: coupon.id } } });
    const price = await makeMonthlyPrice(stripe);
    const subscription = await stripe.subscriptions.create({
      customer: customer.id,
      items: [{ price: price.id }],
      expand: ['latest_invoice'],
    });
    expect(subscription.latest_invoice).toMatchObject({ total: 1_350 });
    expect(await stripe.customers.deleteDiscount(customer.id)).toMatchObject({ object: 'discount', deleted: true });
    expect(await stripe.customers.retrieve(customer.id)).toMatchObject({ discount: null });
    const removed = await refusal(stripe.customers.update(customer.id, { coupon: coupon.id } as object));
    expect(removed).toMatchObject({ code: 'parameter_unknown', param: 'coupon' });
  });
});
