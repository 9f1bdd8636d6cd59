import type Stripe from 'stripe';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { makeMonthlyPrice, refusal, startReceiver, startTestSandbox, stripeAt, submitCheckout } from './sandbox.rig.ts';

let sandbox: Awaited<ReturnType<typeof startTestSandbox>>;
beforeAll(async () => {
  sandbox = await startTestSandbox();
});
afterAll(() => sandbox.close());

it('takes a subscription from checkout to active, and tells it by signed webhooks', async () => {
  const stripe = stripeAt(sandbox.url);
  const receiver = await startReceiver();
  const endpoint = await stripe.webhookEndpoints.create({ url: receiver.url, enabled_events: ['*'] });
  const customer = await stripe.customers.create({ email: 'ada@example.com' });
  const price = await makeMonthlyPrice(stripe);
  const session = await stripe.checkout.sessions.create({
    mode: 'subscription',
    customer: customer.id,
    line_items: [{ price: price.id, quantity: 2 }],
    success_url: 'https://app.example.com/ok?s={CHECKOUT_SESSION_ID}&x=ü',
    cancel_url: 'https://app.example.com/pricing',
    subscription_data: { metadata: { user: '42' } },
  });
  expect(session).toMatchObject({ status: 'open', payment_status: 'unpaid', amount_total: 3_000, subscription: null });

  const page = await fetch(session.url!);
  expect(page.status).toBe(200);
  expect(await page.text()).toContain('$30.00');
  const answer = await submitCheckout(session.url!);
  expect(answer.status).toBe(303);
  expect(answer.headers.get('location')).toBe(`https://app.example.com/ok?s=${session.id}&x=%C3%BC`);

  const [subscription] = (await stripe.subscriptions.list({ customer: customer.id, expand: ['data.latest_invoice'] }))
    .data;
  expect(subscription).toMatchObject({ status: 'active', metadata: { user: '42' } });
  const item = subscription!.items.data[0]!;
  expect(item).toMatchObject({ quantity: 2, price: { id: price.id } });
  expect(item.current_period_end).toBeGreaterThan(item.current_period_start + 27 * 86_400);
  const invoice = subscription!.latest_invoice as Stripe.Invoice;
  expect(invoice).toMatchObject({ status: 'paid', amount_paid: 3_000, amount_remaining: 0 });

  await sandbox.idle();
  expect(receiver.types().toSorted()).toEqual(
    [
      'customer.created',
      'product.created',
      'price.created',
      'payment_intent.created',
      'charge.succeeded',
      'payment_intent.succeeded',
      'payment_method.attached',
      'customer.updated',
      'customer.subscription.created',
      'invoice.created',
      'invoice.finalized',
      'invoice_payment.paid',
      'invoice.paid',
      'invoice.payment_succeeded',
      'checkout.session.completed',
    ].toSorted(),
  );
  for (const { body, headers } of receiver.received) {
    const event = stripe.webhooks.constructEvent(body, headers['stripe-signature']!, endpoint.secret!);
    expect(event).toMatchObject({ api_version: '2026-10-28.endive', livemode: false });
  }
});

const success_url = 'https://app.example.com/ok';
const cancel_url = 'https://app.example.com/pricing';

async function openSession(stripe: Stripe, given: Partial<Stripe.Checkout.SessionCreateParams> = {}) {
  const price = await makeMonthlyPrice(stripe);
  const line_items = [{ price: price.id, quantity: 1 }];
  return stripe.checkout.sessions.create({ mode: 'subscription', line_items, success_url, cancel_url, ...given });
}

async function eventTypes(stripe: Stripe) {
  return (await stripe.events.list({ limit: 100 })).data.map(({ type }) => type);
}

describe('the page', () => {
  it.each([
    ['4000 0000 0000 0002', 'Your card was declined.', 'generic_decline'],
    ['4000000000009995', 'Your card has insufficient funds.', 'insufficient_funds'],
    ['4000-0000-0000-0341', 'Your card was declined.', 'generic_decline'],
    ['4012 8888 8888 1881', 'used a non test card', 'test_mode_live_card'],
  ])('tells that %s is declined, and lets the payer try again', async (number, message, decline_code) => {
    const stripe = stripeAt(sandbox.url);
    const session = await openSession(stripe);
    const answer = await submitCheckout(session.url!, { number });
    expect(answer.status).toBe(402);
    const page = await answer.text();
    expect(page).toContain(message);
    expect(page).toContain('role="alert"');
    expect(page).toContain('value="ada@example.com"');

    expect(await stripe.checkout.sessions.retrieve(session.id)).toMatchObject({ status: 'open', customer: null });
    expect((await stripe.subscriptions.list({ status: 'all' })).data).toEqual([]);
    const types = await eventTypes(stripe);
    expect(types).toContain('payment_intent.payment_failed');
    expect(types).toContain('charge.failed');
    const [charge] = (await stripe.charges.list()).data;
    expect(charge).toMatchObject({ status: 'failed', paid: false, outcome: { reason: decline_code } });

    expect((await submitCheckout(session.url!)).status).toBe(303);
    expect((await stripe.subscriptions.list()).data).toMatchObject([{ status: 'active' }]);
    const intents = (await stripe.paymentIntents.list({ expand: ['data.latest_charge'] })).data;
    expect(intents).toMatchObject([{ status: 'succeeded', last_payment_error: null, latest_charge: { paid: true } }]);
  });

  it.each([
    [{ email: 'ada' }, 'Give an email address', 'email'],
    [{ number: '' }, 'card number is incorrect', 'number'],
    [{ number: '4242 4242 4242 4241' }, 'card number is incorrect', 'number'],
    [{ expiry: '13 / 30' }, 'expiration month is invalid', 'expiry'],
    [{ expiry: '01 / 20' }, 'expiration year is invalid', 'expiry'],
    [{ expiry: 'soon' }, 'expiration month is invalid', 'expiry'],
    [{ cvc: '12' }, 'security code is invalid', 'cvc'],
  ])('says what is wrong with %j', async (fields, message, input) => {
    const stripe = stripeAt(sandbox.url);
    const session = await openSession(stripe);
    const answer = await submitCheckout(session.url!, fields);
    expect(answer.status).toBe(400);
    const page = await answer.text();
    expect(page).toContain(message);
    expect(page).toMatch(new RegExp(`name="${input}"[^>]*aria-invalid="true"`));
    expect((await stripe.charges.list()).data).toEqual([]);
  });

  it('goes to the cancel address on Cancel, and stays open', async () => {
    const stripe = stripeAt(sandbox.url);
    const session = await openSession(stripe);
    const answer = await submitCheckout(session.url!, { action: 'cancel', number: '' });
    expect(answer.status).toBe(303);
    expect(answer.headers.get('location')).toBe(cancel_url);
    expect((await stripe.checkout.sessions.retrieve(session.id)).status).toBe('open');
  });

  it('pays once, however often it is sent', async () => {
    const stripe = stripeAt(sandbox.url);
    const session = await openSession(stripe);
    const answers = await Promise.all(Array.from({ length: 5 }, () => submitCheckout(session.url!)));
    expect(answers.map(({ status }) => status)).toEqual([303, 303, 303, 303, 303]);
    expect((await stripe.subscriptions.list()).data).toHaveLength(1);
    expect((await stripe.charges.list()).data).toHaveLength(1);
    expect(await (await fetch(session.url!)).text()).toContain('All done');
  });

  it('runs nothing that was put into it', async () => {
    const stripe = stripeAt(sandbox.url);
    const price = await makeMonthlyPrice(stripe, { product_data: { name: '<script>alert(1)</script>' } });
    const session = await openSession(stripe, {
      line_items: [{ price: price.id, quantity: 1 }],
      cancel_url: 'https://x.test/"><script>',
    });
    const page = await fetch(session.url!);
    expect(page.headers.get('content-security-policy')).toContain("default-src 'none'");
    expect(await page.text()).not.toContain('<script');
    const email = '"><script>alert(1)</script>';
    expect(await (await submitCheckout(session.url!, { email })).text()).not.toContain('<script');
  });

  it('refuses a form that another site sends', async () => {
    const stripe = stripeAt(sandbox.url);
    const session = await openSession(stripe);
    const headers = { 'sec-fetch-site': 'cross-site' };
    expect((await fetch(session.url!, { method: 'POST', headers, body: new URLSearchParams() })).status).toBe(403);
  });

  it('knows no other session, and says so kindly', async () => {
    for (const path of ['/c/pay/cs_test_none', '/c/pay/%00']) {
      expect((await fetch(sandbox.url + path)).status).toBe(404);
      expect((await submitCheckout(sandbox.url + path)).status).toBe(404);
    }
  });

  it('is closed once the session expired', async () => {
    const stripe = stripeAt(sandbox.url);
    const session = await openSession(stripe);
    expect(await stripe.checkout.sessions.expire(session.id)).toMatchObject({ status: 'expired', url: null });
    expect(await eventTypes(stripe)).toContain('checkout.session.expired');
    expect((await fetch(session.url!)).status).toBe(410);
    expect((await submitCheckout(session.url!)).status).toBe(410);
    expect((await refusal(stripe.checkout.sessions.expire(session.id))).message).toContain('status of expired');
  });
});

describe('a trial', () => {
  it('starts without a payment, with an invoice of nothing', async () => {
    const stripe = stripeAt(sandbox.url);
    const session = await openSession(stripe, { subscription_data: { trial_period_days: 14 } });
    expect(session.amount_total).toBe(0);
    const page = await (await fetch(session.url!)).text();
    expect(page).toContain('14 days free');
    expect((await submitCheckout(session.url!)).status).toBe(303);
    const [subscription] = (await stripe.subscriptions.list({ expand: ['data.latest_invoice'] })).data;
    const { trial_start, trial_end, items } = subscription!;
    expect(subscription!.status).toBe('trialing');
    expect(trial_end! - trial_start!).toBe(14 * 86_400);
    expect(items.data[0]!.current_period_end).toBe(trial_end);
    expect(subscription!.latest_invoice).toMatchObject({ status: 'paid', total: 0, lines: { data: [{ amount: 0 }] } });
    expect(await stripe.checkout.sessions.retrieve(session.id)).toMatchObject({
      payment_status: 'no_payment_required',
    });
    expect((await stripe.charges.list()).data).toEqual([]);
    expect(await eventTypes(stripe)).toContain('setup_intent.succeeded');
  });

  it('needs no card where one is asked for only if required', async () => {
    const stripe = stripeAt(sandbox.url);
    const session = await openSession(stripe, {
      payment_method_collection: 'if_required',
      subscription_data: {
        trial_period_days: 14,
        trial_settings: { end_behavior: { missing_payment_method: 'cancel' } },
      },
    });
    expect(await (await fetch(session.url!)).text()).not.toContain('Card number');
    expect((await submitCheckout(session.url!, { number: '' })).status).toBe(303);
    const [subscription] = (await stripe.subscriptions.list()).data;
    expect(subscription).toMatchObject({
      status: 'trialing',
      default_payment_method: null,
      trial_settings: { end_behavior: { missing_payment_method: 'cancel' } },
    });
  });

  it('does not start with a card that cannot be saved', async () => {
    const stripe = stripeAt(sandbox.url);
    const session = await openSession(stripe, { subscription_data: { trial_period_days: 14 } });
    expect((await submitCheckout(session.url!, { number: '4000000000000002' })).status).toBe(402);
    expect((await stripe.subscriptions.list()).data).toEqual([]);
    expect((await submitCheckout(session.url!, { number: '4000000000000341' })).status).toBe(303);
    expect((await stripe.subscriptions.list()).data).toMatchObject([{ status: 'trialing' }]);
  });
});

describe('a single payment', () => {
  it('takes the money of a guest, with what the payment was to carry', async () => {
    const stripe = stripeAt(sandbox.url);
    const price = await makeMonthlyPrice(stripe, { recurring: undefined });
    const session = await openSession(stripe, {
      mode: 'payment',
      line_items: [{ price: price.id, quantity: 3 }],
      payment_intent_data: { metadata: { order: '7' }, description: 'Three of it' },
    });
    expect((await submitCheckout(session.url!)).status).toBe(303);
    const done = await stripe.checkout.sessions.retrieve(session.id, { expand: ['payment_intent'] });
    expect(done).toMatchObject({ status: 'complete', payment_status: 'paid', customer: null, subscription: null });
    expect(done.customer_details).toMatchObject({ email: 'ada@example.com' });
    expect(done.payment_intent).toMatchObject({ amount: 4_500, status: 'succeeded', metadata: { order: '7' } });
  });

  it('makes a customer and keeps the card where that is asked for', async () => {
    const stripe = stripeAt(sandbox.url);
    const session = await stripe.checkout.sessions.create({
      mode: 'payment',
      line_items: [{ price_data: { currency: 'eur', unit_amount: 900, product_data: { name: 'Cup' } }, quantity: 1 }],
      payment_intent_data: { setup_future_usage: 'off_session' },
      success_url,
    });
    await submitCheckout(session.url!, { email: 'cup@example.com' });
    const [customer] = (await stripe.customers.list({ email: 'cup@example.com' })).data;
    const methods = await stripe.customers.listPaymentMethods(customer!.id);
    expect(methods.data).toMatchObject([{ type: 'card', card: { last4: '4242', brand: 'visa' } }]);
  });
});

describe('saving a card', () => {
  it('completes the setup intent and attaches the card', async () => {
    const stripe = stripeAt(sandbox.url);
    const customer = await stripe.customers.create({ email: 'ada@example.com' });
    const session = await stripe.checkout.sessions.create({
      mode: 'setup',
      customer: customer.id,
      currency: 'usd',
      setup_intent_data: { metadata: { a: '1' } },
      success_url,
    });
    expect((await submitCheckout(session.url!, { number: '4000000000000002' })).status).toBe(402);
    expect((await submitCheckout(session.url!)).status).toBe(303);
    const setup = await stripe.setupIntents.retrieve(session.setup_intent as string);
    expect(setup).toMatchObject({ status: 'succeeded', customer: customer.id, metadata: { a: '1' } });
    expect((await stripe.paymentMethods.list({ customer: customer.id })).data).toMatchObject([
      { id: setup.payment_method },
    ]);
  });
});

it.each<[string, Partial<Stripe.Checkout.SessionCreateParams>, string]>([
  ['a recurring price in mode payment', { mode: 'payment' }, 'mode'],
  ['nothing to sell', { line_items: [] }, 'line_items'],
  ['a price of nobody', { line_items: [{ price: 'price_none', quantity: 1 }] }, 'line_items[0][price]'],
  ['quantity 0', { line_items: [{ price: 'price_none', quantity: 0 }] }, 'line_items[0][quantity]'],
  ['a customer of nobody', { customer: 'cus_none' }, 'customer'],
  ['a javascript address', { success_url: 'javascript:alert(1)' }, 'success_url'],
  ['a relative address', { cancel_url: '/pricing' }, 'cancel_url'],
  ['an address with a line break', { success_url: 'https://x.test/\r\nset-cookie: a=b' }, 'success_url'],
  ['payment data in mode subscription', { payment_intent_data: { description: 'x' } }, 'payment_intent_data'],
  ['a trial of no days', { subscription_data: { trial_period_days: 0 } }, 'subscription_data[trial_period_days]'],
  [
    'a trial that ends tomorrow',
    { subscription_data: { trial_end: Math.floor(Date.now() / 1_000) + 86_400 } },
    'subscription_data[trial_end]',
  ],
  ['an expiry in a minute', { expires_at: Math.floor(Date.now() / 1_000) + 60 }, 'expires_at'],
  ['lines in mode setup', { mode: 'setup', currency: 'usd' }, 'line_items'],
])('refuses %s', async (_what, given, param) => {
  const error = await refusal(openSession(stripeAt(sandbox.url), given));
  expect(error).toMatchObject({ statusCode: 400, type: 'StripeInvalidRequestError', param });
});

it('refuses what a price does not allow', async () => {
  const stripe = stripeAt(sandbox.url);
  const once = await makeMonthlyPrice(stripe, { recurring: undefined });
  const euro = await makeMonthlyPrice(stripe, { currency: 'eur' });
  const yearly = await makeMonthlyPrice(stripe, { recurring: { interval: 'year' } });
  const metered = await makeMonthlyPrice(stripe, { recurring: { interval: 'month', usage_type: 'metered' } });
  const archived = await makeMonthlyPrice(stripe);
  await stripe.prices.update(archived.id, { active: false });
  const monthly = await makeMonthlyPrice(stripe);
  const line = ({ id }: Stripe.Price, quantity: number | undefined = 1) => ({ price: id, quantity });
  for (const [lines, message] of [
    [[line(once)], 'at least one recurring price'],
    [[line(monthly), line(euro)], 'same currency'],
    [[line(monthly), line(yearly)], 'same billing interval'],
    [[line(metered)], 'metered'],
    [[{ price: monthly.id }], 'Quantity is required'],
    [[line(archived)], 'inactive'],
  ] as const) {
    expect((await refusal(openSession(stripe, { line_items: [...lines] }))).message).toContain(message);
  }
});

it('sells a one-time price with the first invoice of a subscription', async () => {
  const stripe = stripeAt(sandbox.url);
  const monthly = await makeMonthlyPrice(stripe);
  const fee = await makeMonthlyPrice(stripe, { recurring: undefined, unit_amount: 500 });
  const session = await openSession(stripe, {
    line_items: [
      { price: monthly.id, quantity: 1 },
      { price: fee.id, quantity: 1 },
    ],
  });
  expect(session.amount_total).toBe(2_000);
  await submitCheckout(session.url!);
  const [subscription] = (await stripe.subscriptions.list()).data;
  expect(subscription!.items.data).toHaveLength(1);
  const [invoice] = (
    await stripe.invoices.list({
      subscription: subscription!.id,
      expand: ['data.payments.data.payment.payment_intent'],
    })
  ).data;
  expect(invoice).toMatchObject({ total: 2_000, parent: { subscription_details: { subscription: subscription!.id } } });
  expect(invoice!.payments!.data[0]!.payment.payment_intent).toMatchObject({ amount_received: 2_000 });
  expect((await stripe.invoices.listLineItems(invoice!.id)).data.map(({ amount }) => amount)).toEqual([1_500, 500]);
});
