import type Stripe from 'stripe';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { makeMonthlyPrice, refusal, startTestSandbox, stripeAt, submitCheckout } from './sandbox.rig.ts';

let sandbox: Awaited<ReturnType<typeof startTestSandbox>>;
beforeAll(async () => {
  sandbox = await startTestSandbox();
});
afterAll(() => sandbox.close());

async function subscribe(stripe: Stripe) {
  const customer = await stripe.customers.create({ email: 'ada@example.com' });
  const price = await makeMonthlyPrice(stripe);
  const session = await stripe.checkout.sessions.create({
    mode: 'subscription',
    customer: customer.id,
    line_items: [{ price: price.id, quantity: 1 }],
    success_url: 'https://app.example.com/ok',
  });
  await submitCheckout(session.url!);
  const [subscription] = (await stripe.subscriptions.list({ customer: customer.id })).data;
  return { customer, price, subscription: subscription! };
}

async function lastEvent(stripe: Stripe) {
  return (await stripe.events.list({ limit: 1 })).data[0]!;
}

describe('subscriptions', () => {
  it('are set to end with the period, and back', async () => {
    const stripe = stripeAt(sandbox.url);
    const { subscription } = await subscribe(stripe);
    const periodEnd = subscription.items.data[0]!.current_period_end;
    const ending = await stripe.subscriptions.update(subscription.id, {
      cancel_at_period_end: true,
      cancellation_details: { feedback: 'too_expensive' },
    });
    expect(ending).toMatchObject({
      status: 'active',
      cancel_at: periodEnd,
      cancel_at_period_end: true,
      cancellation_details: { reason: 'cancellation_requested', feedback: 'too_expensive' },
    });
    const event = await lastEvent(stripe);
    expect(event).toMatchObject({ type: 'customer.subscription.updated' });
    expect(event.data.previous_attributes).toMatchObject({ cancel_at: null, cancel_at_period_end: false });
    const back = await stripe.subscriptions.update(subscription.id, { cancel_at_period_end: false });
    expect(back).toMatchObject({ cancel_at: null, cancel_at_period_end: false, canceled_at: null });
  });

  it('end at once on cancel, and are then not found to cancel again', async () => {
    const stripe = stripeAt(sandbox.url);
    const { customer, subscription } = await subscribe(stripe);
    const ended = await stripe.subscriptions.cancel(subscription.id, { cancellation_details: { comment: 'bye' } });
    expect(ended).toMatchObject({
      status: 'canceled',
      ended_at: expect.any(Number),
      cancellation_details: { comment: 'bye' },
    });
    expect(await lastEvent(stripe)).toMatchObject({
      type: 'customer.subscription.deleted',
      data: { object: { status: 'canceled' } },
    });
    expect((await refusal(stripe.subscriptions.cancel(subscription.id))).statusCode).toBe(404);
    expect((await stripe.subscriptions.list({ customer: customer.id })).data).toEqual([]);
    for (const status of ['all', 'ended', 'canceled'] as const) {
      expect((await stripe.subscriptions.list({ customer: customer.id, status })).data).toHaveLength(1);
    }
    const late = await refusal(stripe.subscriptions.update(subscription.id, { cancel_at_period_end: true }));
    expect(late.message).toContain('canceled subscription');
    expect((await stripe.subscriptions.update(subscription.id, { metadata: { a: '1' } })).metadata).toEqual({ a: '1' });
  });

  it('take only a payment method of their customer', async () => {
    const stripe = stripeAt(sandbox.url);
    const { subscription } = await subscribe(stripe);
    const stranger = await newCard(stripe);
    const error = await refusal(stripe.subscriptions.update(subscription.id, { default_payment_method: stranger.id }));
    expect(error).toMatchObject({ statusCode: 400, param: 'default_payment_method' });
  });
});

function newCard(stripe: Stripe, number = '4242424242424242') {
  return stripe.paymentMethods.create({ type: 'card', card: { number, exp_month: 12, exp_year: 2034, cvc: '123' } });
}

describe('customers', () => {
  it('cancel what they subscribe to when they are deleted, and are known as deleted', async () => {
    const stripe = stripeAt(sandbox.url);
    const { customer, subscription } = await subscribe(stripe);
    expect(await stripe.customers.del(customer.id)).toMatchObject({ id: customer.id, deleted: true });
    expect(await stripe.customers.retrieve(customer.id)).toMatchObject({ object: 'customer', deleted: true });
    expect(await stripe.subscriptions.retrieve(subscription.id)).toMatchObject({ status: 'canceled' });
    const expanded = await stripe.subscriptions.retrieve(subscription.id, { expand: ['customer'] });
    expect(expanded.customer).toMatchObject({ id: customer.id, deleted: true });
    expect((await stripe.customers.list()).data).toEqual([]);
    expect(await lastEvent(stripe)).toMatchObject({
      type: 'customer.deleted',
      data: { object: { email: 'ada@example.com' } },
    });
    expect((await refusal(stripe.customers.update(customer.id, { name: 'x' }))).statusCode).toBe(404);
  });

  it('keep an address whole, and can take it away', async () => {
    const stripe = stripeAt(sandbox.url);
    const { id, address } = await stripe.customers.create({ address: { city: 'Bern' } });
    expect(address).toEqual({ city: 'Bern', country: null, line1: null, line2: null, postal_code: null, state: null });
    expect((await stripe.customers.update(id, { address: '' })).address).toBeNull();
  });
});

describe('payment methods', () => {
  it('are attached, listed, made the default and detached', async () => {
    const stripe = stripeAt(sandbox.url);
    const { id: customer } = await stripe.customers.create();
    const card = await newCard(stripe, '5555 5555 5555 4444');
    expect(card).toMatchObject({ customer: null, card: { brand: 'mastercard', last4: '4444' } });
    const early = { invoice_settings: { default_payment_method: card.id } };
    expect((await refusal(stripe.customers.update(customer, early))).message).toContain('must be attached');
    await stripe.paymentMethods.attach(card.id, { customer });
    await stripe.customers.update(customer, early);
    expect((await stripe.paymentMethods.list({ customer, type: 'card' })).data).toMatchObject([{ id: card.id }]);
    expect((await stripe.paymentMethods.detach(card.id)).customer).toBeNull();
    expect(await stripe.customers.retrieve(customer)).toMatchObject({
      invoice_settings: { default_payment_method: null },
    });
    expect((await refusal(stripe.paymentMethods.detach(card.id))).statusCode).toBe(400);
  });

  it('refuse what a bank would', async () => {
    const stripe = stripeAt(sandbox.url);
    const { id: customer } = await stripe.customers.create();
    const declined = await newCard(stripe, '4000000000000002');
    expect(await refusal(stripe.paymentMethods.attach(declined.id, { customer }))).toMatchObject({
      statusCode: 402,
      type: 'StripeCardError',
      code: 'card_declined',
    });
    expect(await refusal(newCard(stripe, '4242424242424241'))).toMatchObject({
      code: 'incorrect_number',
      param: 'card[number]',
    });
  });
});

describe('the catalog', () => {
  it('moves a lookup key only when told to', async () => {
    const stripe = stripeAt(sandbox.url);
    const first = await makeMonthlyPrice(stripe, { lookup_key: 'pro' });
    expect(await refusal(makeMonthlyPrice(stripe, { lookup_key: 'pro' }))).toMatchObject({ param: 'lookup_key' });
    const second = await makeMonthlyPrice(stripe, { lookup_key: 'pro', transfer_lookup_key: true });
    expect((await stripe.prices.list({ lookup_keys: ['pro'] })).data.map(({ id }) => id)).toEqual([second.id]);
    expect((await stripe.prices.retrieve(first.id)).lookup_key).toBeNull();
  });

  it('archives products that have prices, and deletes those that have none', async () => {
    const stripe = stripeAt(sandbox.url);
    const { product } = await makeMonthlyPrice(stripe);
    const id = product as string;
    expect((await refusal(stripe.products.del(id))).message).toContain('cannot be deleted');
    await stripe.products.update(id, { active: false, description: 'gone' });
    expect((await stripe.products.list({ active: true })).data).toEqual([]);
    const bare = await stripe.products.create({ id: 'mine', name: 'Bare' });
    expect(await refusal(stripe.products.create({ id: 'mine', name: 'Twice' }))).toMatchObject({
      code: 'resource_already_exists',
    });
    expect(await stripe.products.del(bare.id)).toMatchObject({ deleted: true });
    expect((await refusal(stripe.products.retrieve(bare.id))).statusCode).toBe(404);
  });

  it('makes a product together with its default price', async () => {
    const stripe = stripeAt(sandbox.url);
    const product = await stripe.products.create({
      name: 'Pro',
      default_price_data: { currency: 'chf', unit_amount: 900, recurring: { interval: 'week', interval_count: 2 } },
      expand: ['default_price'],
    });
    expect(product.default_price).toMatchObject({
      product: product.id,
      recurring: { interval: 'week', interval_count: 2 },
    });
  });

  it('keeps fractions of a cent, and tiers on demand', async () => {
    const stripe = stripeAt(sandbox.url);
    const fine = await makeMonthlyPrice(stripe, { unit_amount: undefined, unit_amount_decimal: '0.05' as never });
    expect(fine.unit_amount).toBeNull();
    expect(String(fine.unit_amount_decimal)).toBe('0.05');
    const tiered = await makeMonthlyPrice(stripe, {
      unit_amount: undefined,
      billing_scheme: 'tiered',
      tiers_mode: 'graduated',
      tiers: [
        { up_to: 10, unit_amount: 100 },
        { up_to: 'inf', unit_amount: 50, flat_amount: 200 },
      ],
    });
    expect(tiered.tiers).toBeUndefined();
    const { tiers } = await stripe.prices.retrieve(tiered.id, { expand: ['tiers'] });
    expect(tiers).toMatchObject([
      { up_to: 10, unit_amount: 100 },
      { up_to: null, flat_amount: 200 },
    ]);
    const session = await stripe.checkout.sessions.create({
      mode: 'subscription',
      line_items: [{ price: tiered.id, quantity: 12 }],
      success_url: 'https://x.test',
    });
    expect(session.amount_total).toBe(10 * 100 + 200 + 2 * 50);
  });

  it.each<[Partial<Stripe.PriceCreateParams>, string]>([
    [{ currency: 'xyz' }, 'currency'],
    [{ unit_amount: undefined }, 'unit_amount'],
    [{ unit_amount: -1 }, 'unit_amount'],
    [{ unit_amount_decimal: '1' as never }, 'unit_amount'],
    [{ product: 'prod_none', product_data: undefined }, 'product'],
    [{ product_data: undefined }, 'product'],
    [{ recurring: { interval: 'decade' as 'day' } }, 'recurring[interval]'],
    [{ billing_scheme: 'tiered' }, 'tiers'],
  ])('refuses the price %j', async (price, param) => {
    expect(await refusal(makeMonthlyPrice(stripeAt(sandbox.url), price))).toMatchObject({ statusCode: 400, param });
  });
});
