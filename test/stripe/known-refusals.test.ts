import type Stripe from 'stripe';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { nameFields } from '../../src/stripe/input-fields.ts';
import { translateStripeFailure } from '../../src/stripe/translate-stripe-failure.ts';
import { makeMonthlyPrice, newKey, refusal, startTestSandbox, stripeAt } from '../sandbox/sandbox.rig.ts';

/** Each refusal is made for real: the sandbox refuses, and what a client would see of it is looked at. */

let sandbox: Awaited<ReturnType<typeof startTestSandbox>>;
let stripe: Stripe;
let ada: string;
let price: string;
let metered: string;
beforeAll(async () => {
  sandbox = await startTestSandbox();
  stripe = stripeAt(sandbox.url, newKey());
  const pays = { payment_method: 'pm_card_visa', invoice_settings: { default_payment_method: 'pm_card_visa' } };
  ada = (await stripe.customers.create({ email: 'ada@example.com', ...pays })).id;
  price = (await makeMonthlyPrice(stripe, { lookup_key: 'pro' })).id;
  const meter = await stripe.billing.meters.create({
    display_name: 'Calls',
    event_name: 'calls',
    default_aggregation: { formula: 'sum' },
  });
  metered = (
    await makeMonthlyPrice(stripe, { recurring: { interval: 'month', usage_type: 'metered', meter: meter.id } })
  ).id;
});
afterAll(() => sandbox.close());

type Call = () => Promise<unknown>;

const seenOf = async (call: Call) => {
  const { code, message, details } = translateStripeFailure(await refusal(call()))!;
  // No id of Stripe's is told: it may be another project's.
  expect(message).not.toMatch(/\b(cus|price|prod|pi|pm|sub|ch|re)_\w{6}/);
  return { code, field: details.field, declineCode: details.declineCode };
};

/** Ada pays, or another customer does, with a test card. */
const pay = (payment_method: string, params: Partial<Stripe.PaymentIntentCreateParams> = {}) =>
  stripe.paymentIntents.create({
    ...{ amount: 2_000, currency: 'usd', confirm: true, payment_method },
    automatic_payment_methods: { enabled: true, allow_redirects: 'never' },
    ...params,
  });
const subscribe = (params: Partial<Stripe.SubscriptionCreateParams>) =>
  stripe.subscriptions.create({ customer: ada, items: [{ price }], ...params });
const sell = (item: Stripe.Checkout.SessionCreateParams.LineItem) =>
  stripe.checkout.sessions.create({ mode: 'subscription', success_url: 'https://example.com', line_items: [item] });
const archived = async () => {
  const { id } = await makeMonthlyPrice(stripe);
  return (await stripe.prices.update(id, { active: false })).id;
};
const inEuro = async () => (await makeMonthlyPrice(stripe, { currency: 'eur' })).id;
const once = async () => (await makeMonthlyPrice(stripe, { recurring: undefined })).id;
const without = async () => (await stripe.customers.create({ email: 'poor@example.com' })).id;
const coupon = async () => (await stripe.coupons.create({ percent_off: 10, duration: 'once' })).id;

describe('a declined card', () => {
  it.each([
    ['pm_card_chargeDeclined', 'generic_decline', undefined],
    ['pm_card_chargeDeclinedInsufficientFunds', 'insufficient_funds', undefined],
    ['pm_card_chargeDeclinedExpiredCard', 'expired_card', undefined],
    ['pm_card_chargeDeclinedIncorrectCvc', 'incorrect_cvc', undefined],
    ['pm_card_chargeDeclinedProcessingError', 'processing_error', true],
    ['pm_card_chargeDeclinedLostCard', 'generic_decline', undefined],
    ['pm_card_chargeDeclinedStolenCard', 'generic_decline', undefined],
  ])('%s', async (method, declineCode, retryable) => {
    const refused = translateStripeFailure(await refusal(pay(method)))!;
    expect(refused).toMatchObject({ code: 'CARD_DECLINED', details: { declineCode } });
    expect(refused.details.retryable).toBe(retryable);
    expect(refused.message).toMatch(/\. (Ask|Let|Try)/);
  });

  it('is one as well where the bank wants a confirmation', async () => {
    const call = () => pay('pm_card_authenticationRequired', { error_on_requires_action: true });
    expect(await seenOf(call)).toMatchObject({ code: 'CARD_DECLINED', declineCode: 'authentication_required' });
  });
});

describe('what a person can cause', () => {
  const cases: Record<string, [Call, code: string, field?: string]> = {
    'a payment method of another customer': [
      async () => {
        const pays = { payment_method: 'pm_card_visa' };
        const other = await stripe.customers.create({ email: 'bob@example.com', ...pays });
        const { data } = await stripe.customers.listPaymentMethods(other.id);
        return stripe.customers.update(ada, { invoice_settings: { default_payment_method: data[0]!.id } });
      },
      'NOT_FOUND',
      'invoiceSettings.defaultPaymentMethod',
    ],
    'a payment method that was detached, detached': [
      async () => {
        const { id } = await stripe.paymentMethods.attach('pm_card_visa', { customer: ada });
        await stripe.paymentMethods.detach(id);
        return stripe.paymentMethods.detach(id);
      },
      'NOT_FOUND',
      'paymentMethodId',
    ],
    'an archived price': [
      async () => subscribe({ items: [{ price: await archived() }] }),
      'BAD_USER_INPUT',
      'items.0.priceId',
    ],
    'an archived price in a checkout': [
      async () => sell({ price: await archived(), quantity: 1 }),
      'BAD_USER_INPUT',
      'lineItems.0.priceId',
    ],
    'a price that is paid once': [
      async () => subscribe({ items: [{ price: await once() }] }),
      'BAD_USER_INPUT',
      'items.0.priceId',
    ],
    'a price of another currency': [
      async () => subscribe({ items: [{ price }, { price: await inEuro() }] }),
      'BAD_USER_INPUT',
      'items',
    ],
    'a customer with another currency': [
      async () => {
        await subscribe({});
        return subscribe({ items: [{ price: await inEuro() }] });
      },
      'BAD_USER_INPUT',
    ],
    'a price that is gone': [() => subscribe({ items: [{ price: 'price_gone' }] }), 'NOT_FOUND', 'items.0.priceId'],
    'a customer who is gone': [() => subscribe({ customer: 'cus_gone' }), 'NOT_FOUND', 'customerId'],
    'what the address names is gone': [() => stripe.subscriptions.cancel('sub_gone'), 'NOT_FOUND'],
    'a customer without a payment method': [async () => subscribe({ customer: await without() }), 'CONFLICT'],
    'a quantity of what is metered': [
      () => sell({ price: metered, quantity: 2 }),
      'BAD_USER_INPUT',
      'lineItems.0.quantity',
    ],
    'a negative quantity': [
      () => subscribe({ items: [{ price, quantity: -1 }] }),
      'BAD_USER_INPUT',
      'items.0.quantity',
    ],
    'an unknown promotion code': [
      () => subscribe({ discounts: [{ promotion_code: 'promo_gone' }] }),
      'BAD_USER_INPUT',
      'discounts.0.promotionCode',
    ],
    'an inactive promotion code': [
      async () => {
        const of = { promotion: { type: 'coupon' as const, coupon: await coupon() } };
        const { id } = await stripe.promotionCodes.create(of);
        await stripe.promotionCodes.update(id, { active: false });
        return subscribe({ discounts: [{ promotion_code: id }] });
      },
      'BAD_USER_INPUT',
      'discounts.0.promotionCode',
    ],
    'an expired coupon': [
      async () => {
        const { id } = await stripe.coupons.create({ percent_off: 10, duration: 'once', max_redemptions: 1 });
        await subscribe({ discounts: [{ coupon: id }] });
        return subscribe({ discounts: [{ coupon: id }] });
      },
      'BAD_USER_INPUT',
      'discounts.0.coupon',
    ],
    'too small an amount': [() => pay('pm_card_visa', { amount: 49 }), 'BAD_USER_INPUT', 'amount'],
    'too large an amount': [() => pay('pm_card_visa', { amount: 100_000_000 }), 'BAD_USER_INPUT', 'amount'],
    'more back than was paid': [
      async () => stripe.refunds.create({ payment_intent: (await pay('pm_card_visa')).id, amount: 2_001 }),
      'BAD_USER_INPUT',
      'amount',
    ],
    'all back twice': [
      async () => {
        const { id } = await pay('pm_card_visa');
        await stripe.refunds.create({ payment_intent: id });
        return stripe.refunds.create({ payment_intent: id });
      },
      'CONFLICT',
    ],
    'back what the payer disputes': [
      async () => stripe.refunds.create({ payment_intent: (await pay('pm_card_createDispute')).id }),
      'CONFLICT',
    ],
    'back what was not paid': [
      async () => {
        const { id } = await stripe.paymentIntents.create({ amount: 2_000, currency: 'usd' });
        return stripe.refunds.create({ payment_intent: id });
      },
      'CONFLICT',
      'paymentIntent',
    ],
    'a payment that is made, canceled': [
      async () => stripe.paymentIntents.cancel((await pay('pm_card_visa')).id),
      'CONFLICT',
    ],
    'a lookup key that is taken': [() => makeMonthlyPrice(stripe, { lookup_key: 'pro' }), 'CONFLICT', 'lookupKey'],
    'an id that is taken': [
      async () => {
        await stripe.products.create({ id: 'twice', name: 'Twice' });
        return stripe.products.create({ id: 'twice', name: 'Twice' });
      },
      'CONFLICT',
    ],
    'an ended subscription, changed': [
      async () => {
        const { id } = await subscribe({});
        await stripe.subscriptions.cancel(id);
        return stripe.subscriptions.update(id, { cancel_at_period_end: true });
      },
      'CONFLICT',
    ],
    'an invoice that is paid, paid': [
      async () => stripe.invoices.pay((await subscribe({})).latest_invoice as string),
      'CONFLICT',
    ],
  };

  it.each(Object.entries(cases))('%s', async (_, [call, code, field]) => {
    expect(await seenOf(call)).toEqual({ code, field, declineCode: undefined });
  });
});

it('the field is in the words of the call, where it has words of its own', async () => {
  const failure = await refusal(subscribe({ items: [{ price }, { price: 'price_gone' }] }));
  nameFields(failure, { 'items[*][price]': 'add.*.price' });
  expect(translateStripeFailure(failure)!.details.field).toBe('add.1.price');
  nameFields(failure, { 'items[*][price]': null });
  expect(translateStripeFailure(failure)!.details.field).toBeUndefined();
});

it('a field that Stripe does not name is told where the input has it', async () => {
  const { id } = await pay('pm_card_visa');
  const failure = await refusal(stripe.refunds.create({ payment_intent: id, amount: 2_001 }));
  expect(translateStripeFailure(failure)!.details.field).toBe('amount');
  delete (failure as { param?: string }).param;
  nameFields(failure, undefined, ['paymentId', 'amount']);
  expect(translateStripeFailure(failure)!.details.field).toBe('amount');
  nameFields(failure, undefined, ['subscriptionId']);
  expect(translateStripeFailure(failure)!.details.field).toBeUndefined();
});

it('what nobody but us can cause stays a STRIPE_ERROR, without ids', async () => {
  const other = await stripe.customers.create({ email: 'bob@example.com' });
  const { id } = await subscribe({});
  const failure = await refusal(stripe.invoices.create({ customer: other.id, subscription: id }));
  const refused = translateStripeFailure(failure)!;
  expect(failure.message).toContain(id);
  expect(refused).toMatchObject({ code: 'STRIPE_ERROR', details: { stripeRequestId: expect.any(String) } });
  expect(refused.message).not.toContain(id.slice(4));
});
