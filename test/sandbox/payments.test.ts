import type Stripe from 'stripe';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { makeMonthlyPrice, refusal, startTestSandbox, stripeAt } from './sandbox.rig.ts';

let sandbox: Awaited<ReturnType<typeof startTestSandbox>>;
beforeAll(async () => {
  sandbox = await startTestSandbox();
});
afterAll(() => sandbox.close());

const twenty = { amount: 2_000, currency: 'usd' } as const;
const returnUrl = 'https://app.example.com/back';

async function eventTypes(stripe: Stripe) {
  return (await stripe.events.list({ limit: 100 })).data.map(({ type }) => type).reverse();
}

function answer3ds(intent: string, action: 'complete' | 'fail') {
  const body = new URLSearchParams({ action });
  return fetch(`${sandbox.url}/3d-secure/${intent}`, { method: 'POST', body, redirect: 'manual' });
}

describe('a payment intent', () => {
  it('goes from nothing to paid, step by step', async () => {
    const stripe = stripeAt(sandbox.url);
    const intent = await stripe.paymentIntents.create({ ...twenty, metadata: { order: '1' } });
    expect(intent).toMatchObject({ status: 'requires_payment_method', automatic_payment_methods: { enabled: true } });
    const named = await stripe.paymentIntents.update(intent.id, { payment_method: 'pm_card_visa', description: 'Tea' });
    expect(named).toMatchObject({ status: 'requires_confirmation', description: 'Tea', metadata: { order: '1' } });
    const paid = await stripe.paymentIntents.confirm(intent.id, { expand: ['latest_charge.balance_transaction'] });
    expect(paid).toMatchObject({
      status: 'succeeded',
      amount_received: 2_000,
      latest_charge: {
        amount_captured: 2_000,
        balance_transaction: { amount: 2_000, fee: 88, net: 1_912, type: 'charge' },
        captured: true,
        description: 'Tea',
        metadata: { order: '1' },
      },
    });
    expect(await eventTypes(stripe)).toEqual([
      'payment_intent.created',
      'charge.succeeded',
      'payment_intent.succeeded',
    ]);
    const again = await refusal(stripe.paymentIntents.confirm(intent.id));
    expect(again).toMatchObject({ code: 'payment_intent_unexpected_state', payment_intent: { id: intent.id } });
    expect((await refusal(stripe.paymentIntents.update(intent.id, { amount: 1 }))).code).toBe(
      'payment_intent_unexpected_state',
    );
    expect((await refusal(stripe.paymentIntents.cancel(intent.id))).code).toBe('payment_intent_unexpected_state');
    expect((await stripe.paymentIntents.update(intent.id, { metadata: { order: '' } })).metadata).toEqual({});
  });

  it.each([
    ['pm_card_chargeDeclined', 'card_declined', 'generic_decline'],
    ['pm_card_visa_chargeDeclined', 'card_declined', 'generic_decline'],
    ['pm_card_chargeDeclinedInsufficientFunds', 'card_declined', 'insufficient_funds'],
    ['pm_card_visa_chargeDeclinedLostCard', 'card_declined', 'lost_card'],
    ['pm_card_chargeDeclinedExpiredCard', 'expired_card', undefined],
    ['pm_card_chargeDeclinedIncorrectCvc', 'incorrect_cvc', undefined],
    ['pm_card_chargeDeclinedProcessingError', 'processing_error', undefined],
    ['pm_card_chargeCustomerFail', 'card_declined', 'generic_decline'],
  ])('is declined with %s, and can be tried again', async (payment_method, code, decline_code) => {
    const stripe = stripeAt(sandbox.url);
    const error = await refusal(stripe.paymentIntents.create({ ...twenty, confirm: true, payment_method }));
    expect(error).toMatchObject({ statusCode: 402, type: 'StripeCardError', code });
    expect(error.decline_code || undefined).toBe(decline_code);
    const { id } = error.payment_intent!;
    const left = await stripe.paymentIntents.retrieve(id);
    expect(left).toMatchObject({
      status: 'requires_payment_method',
      payment_method: null,
      last_payment_error: { code, charge: error.charge },
    });
    expect(await stripe.charges.retrieve(error.charge!)).toMatchObject({ status: 'failed', failure_code: code });
    const paid = await stripe.paymentIntents.confirm(id, { payment_method: 'pm_card_mastercard' });
    expect(paid).toMatchObject({ status: 'succeeded', last_payment_error: null });
    expect(await eventTypes(stripe)).toEqual([
      'payment_intent.created',
      'charge.failed',
      'payment_intent.payment_failed',
      'charge.succeeded',
      'payment_intent.succeeded',
    ]);
  });

  it('waits for 3-D Secure, and goes on when the payer comes back', async () => {
    const stripe = stripeAt(sandbox.url);
    const customer = await stripe.customers.create();
    const intent = await stripe.paymentIntents.create({
      ...twenty,
      confirm: true,
      customer: customer.id,
      payment_method: 'pm_card_authenticationRequired',
      return_url: `${returnUrl}?a=1`,
      setup_future_usage: 'off_session',
    });
    expect(intent).toMatchObject({ status: 'requires_action', next_action: { type: 'redirect_to_url' } });
    const page = await fetch(intent.next_action!.redirect_to_url!.url!);
    expect(await page.text()).toContain('pay $20.00');
    const back = await answer3ds(intent.id, 'complete');
    const location = new URL(back.headers.get('location')!);
    expect(Object.fromEntries(location.searchParams)).toEqual({
      a: '1',
      payment_intent: intent.id,
      payment_intent_client_secret: intent.client_secret,
      redirect_status: 'succeeded',
    });
    const paid = await stripe.paymentIntents.retrieve(intent.id);
    expect(paid).toMatchObject({ status: 'succeeded', next_action: null });
    expect(await stripe.customers.retrievePaymentMethod(customer.id, paid.payment_method as string)).toMatchObject({
      customer: customer.id,
    });
    expect((await answer3ds(intent.id, 'complete')).status).toBe(404);
    expect(await eventTypes(stripe)).toContain('payment_intent.requires_action');
  });

  it('fails where the payer fails at 3-D Secure, or is away', async () => {
    const stripe = stripeAt(sandbox.url);
    const given = { ...twenty, confirm: true, payment_method: 'pm_card_threeDSecure2Required' };
    const intent = await stripe.paymentIntents.create({ ...given, use_stripe_sdk: true });
    expect(intent.next_action).toMatchObject({ type: 'use_stripe_sdk' });
    expect((await answer3ds(intent.id, 'fail')).status).toBe(200);
    expect(await stripe.paymentIntents.retrieve(intent.id)).toMatchObject({
      status: 'requires_payment_method',
      last_payment_error: { code: 'payment_intent_authentication_failure' },
      latest_charge: null,
    });
    for (const away of [{ off_session: true }, { error_on_requires_action: true }]) {
      const error = await refusal(stripe.paymentIntents.create({ ...given, ...away }));
      expect(error).toMatchObject({ code: 'authentication_required', decline_code: 'authentication_required' });
    }
    const declined = { ...twenty, confirm: true, payment_method: 'pm_card_threeDSecureRequiredChargeDeclined' };
    const waiting = await stripe.paymentIntents.create(declined);
    await answer3ds(waiting.id, 'complete');
    expect(await stripe.paymentIntents.retrieve(waiting.id)).toMatchObject({
      status: 'requires_payment_method',
      last_payment_error: { code: 'card_declined' },
    });
  });

  it('is asked for 3-D Secure once, where the card was set up for later', async () => {
    const stripe = stripeAt(sandbox.url);
    const customer = await stripe.customers.create();
    const setup = await stripe.setupIntents.create({
      confirm: true,
      customer: customer.id,
      payment_method: 'pm_card_authenticationRequiredOnSetup',
    });
    expect(setup.status).toBe('requires_action');
    await answer3ds(setup.id, 'complete');
    const { payment_method } = await stripe.setupIntents.retrieve(setup.id);
    const later = { ...twenty, confirm: true, customer: customer.id, off_session: true };
    const paid = await stripe.paymentIntents.create({ ...later, payment_method: payment_method as string });
    expect(paid.status).toBe('succeeded');
  });

  it('holds money until it is captured, all or in part', async () => {
    const stripe = stripeAt(sandbox.url);
    const held = { ...twenty, capture_method: 'manual', confirm: true, payment_method: 'pm_card_visa' } as const;
    const intent = await stripe.paymentIntents.create(held);
    expect(intent).toMatchObject({ status: 'requires_capture', amount_capturable: 2_000, amount_received: 0 });
    const tooMuch = await refusal(stripe.paymentIntents.capture(intent.id, { amount_to_capture: 2_001 }));
    expect(tooMuch).toMatchObject({ code: 'amount_too_large', param: 'amount_to_capture' });
    const taken = await stripe.paymentIntents.capture(intent.id, {
      amount_to_capture: 500,
      expand: ['latest_charge'],
    });
    expect(taken).toMatchObject({ status: 'succeeded', amount_capturable: 0, amount_received: 500 });
    expect(taken.latest_charge).toMatchObject({ amount_captured: 500, amount_refunded: 1_500, captured: true });
    const types = await eventTypes(stripe);
    for (const type of ['payment_intent.amount_capturable_updated', 'charge.captured', 'payment_intent.succeeded']) {
      expect(types).toContain(type);
    }
    expect((await refusal(stripe.paymentIntents.capture(intent.id))).code).toBe('payment_intent_unexpected_state');

    const other = await stripe.paymentIntents.create(held);
    const canceled = await stripe.paymentIntents.cancel(other.id, {
      cancellation_reason: 'abandoned',
      expand: ['latest_charge'],
    });
    expect(canceled).toMatchObject({ status: 'canceled', cancellation_reason: 'abandoned' });
    expect(canceled.latest_charge).toMatchObject({ captured: false, refunded: true });
    const byCharge = await stripe.paymentIntents.create(held);
    await stripe.charges.capture(byCharge.latest_charge as string);
    expect((await stripe.paymentIntents.retrieve(byCharge.id)).status).toBe('succeeded');
  });

  it.each([
    ['succeeded', 'DE89370400440532013000', 'charge.succeeded', 'payment_intent.succeeded'],
    ['requires_payment_method', 'DE62370400440532013001', 'charge.failed', 'payment_intent.payment_failed'],
  ])('is processing until a bank debit has %s', async (status, iban, ...types) => {
    const stripe = stripeAt(sandbox.url);
    const intent = await stripe.paymentIntents.create({
      amount: 900,
      currency: 'eur',
      allowed_payment_method_types: ['sepa_debit'],
      confirm: true,
      payment_method_data: {
        type: 'sepa_debit',
        sepa_debit: { iban },
        billing_details: { name: 'Ada', email: 'ada@example.com' },
      },
    });
    expect(intent.status).toBe('processing');
    await expect
      .poll(async () => (await stripe.paymentIntents.retrieve(intent.id)).status, { timeout: 10_000 })
      .toBe(status);
    expect(await eventTypes(stripe)).toEqual([
      'payment_intent.created',
      'charge.pending',
      'payment_intent.processing',
      ...types,
    ]);
  });

  it.each<[string, Partial<Stripe.PaymentIntentCreateParams>, string]>([
    ['no money', { amount: 0 }, 'amount'],
    ['less than Stripe charges', { amount: 49 }, 'amount'],
    ['less than Stripe charges in its currency', { amount: 17_499, currency: 'huf' }, 'amount'],
    ['more than Stripe charges', { amount: 100_000_000 }, 'amount'],
    ['a currency of nobody', { currency: 'xxy' }, 'currency'],
    ['a customer of nobody', { customer: 'cus_none' }, 'customer'],
    ['a payment method of nobody', { payment_method: 'pm_none' }, 'payment_method'],
    ['a token that does not exist', { payment_method: 'pm_card_none' }, 'payment_method'],
    ['how to confirm without confirming', { return_url: returnUrl }, 'return_url'],
    [
      'a kind of method it does not take',
      { allowed_payment_method_types: ['sepa_debit'], payment_method: 'pm_card_visa' },
      'payment_method',
    ],
    ['what the sandbox does not model', { transfer_data: { destination: 'acct_1' } }, 'transfer_data'],
    ['a kind of method it does not know', { allowed_payment_method_types: ['pix'] }, 'allowed_payment_method_types[0]'],
    ['what Stripe took away', { payment_method_types: ['card'] } as object, 'payment_method_types'],
  ])('refuses %s', async (_what, given, param) => {
    const error = await refusal(stripeAt(sandbox.url).paymentIntents.create({ ...twenty, ...given }));
    expect(error).toMatchObject({ statusCode: 400, type: 'StripeInvalidRequestError', param });
  });

  it('refuses to confirm nothing, a method of someone else, and a secret that is not its own', async () => {
    const stripe = stripeAt(sandbox.url);
    const intent = await stripe.paymentIntents.create(twenty);
    expect((await refusal(stripe.paymentIntents.confirm(intent.id))).message).toContain('missing a payment method');
    const customer = await stripe.customers.create();
    const method = await stripe.paymentMethods.attach('pm_card_visa', { customer: customer.id });
    const error = await refusal(stripe.paymentIntents.confirm(intent.id, { payment_method: method.id }));
    expect(error.message).toContain(customer.id);
    expect((await refusal(stripe.paymentIntents.retrieve(intent.id, { client_secret: 'x' }))).statusCode).toBe(404);
    const known = await stripe.paymentIntents.retrieve(intent.id, { client_secret: intent.client_secret! });
    expect(known.id).toBe(intent.id);
    expect((await stripe.paymentIntents.list()).data).toMatchObject([{ id: intent.id }]);
  });
});

describe('a setup intent', () => {
  it('saves a card with its customer', async () => {
    const stripe = stripeAt(sandbox.url);
    const customer = await stripe.customers.create();
    const intent = await stripe.setupIntents.create({ customer: customer.id });
    expect(intent.status).toBe('requires_payment_method');
    const named = await stripe.setupIntents.update(intent.id, { payment_method: 'pm_card_visa' });
    expect(named.status).toBe('requires_confirmation');
    const done = await stripe.setupIntents.confirm(intent.id, { expand: ['payment_method'] });
    expect(done).toMatchObject({ status: 'succeeded', payment_method: { customer: customer.id } });
    expect(await eventTypes(stripe)).toEqual([
      'customer.created',
      'setup_intent.created',
      'setup_intent.succeeded',
      'payment_method.attached',
    ]);
    expect((await refusal(stripe.setupIntents.confirm(intent.id))).code).toBe('setup_intent_unexpected_state');
    expect((await refusal(stripe.setupIntents.cancel(intent.id))).code).toBe('setup_intent_unexpected_state');
  });

  it('fails with a card that cannot be saved, and can be canceled', async () => {
    const stripe = stripeAt(sandbox.url);
    const error = await refusal(
      stripe.setupIntents.create({ confirm: true, payment_method: 'pm_card_chargeDeclined' }),
    );
    expect(error).toMatchObject({ code: 'card_declined', setup_intent: { status: 'requires_payment_method' } });
    const canceled = await stripe.setupIntents.cancel(error.setup_intent!.id, { cancellation_reason: 'duplicate' });
    expect(canceled).toMatchObject({ status: 'canceled', cancellation_reason: 'duplicate' });
    expect(await eventTypes(stripe)).toEqual([
      'setup_intent.created',
      'setup_intent.setup_failed',
      'setup_intent.canceled',
    ]);
    const waiting = await stripe.setupIntents.create({
      confirm: true,
      payment_method: 'pm_card_authenticationRequired',
      return_url: returnUrl,
    });
    const back = await answer3ds(waiting.id, 'fail');
    expect(back.headers.get('location')).toContain('redirect_status=failed');
    expect(await stripe.setupIntents.retrieve(waiting.id)).toMatchObject({
      last_setup_error: { code: 'setup_intent_authentication_failure' },
    });
  });
});

describe('a payment method', () => {
  it('is made from a token, changed, and taken away', async () => {
    const stripe = stripeAt(sandbox.url);
    const made = await stripe.paymentMethods.create({ type: 'card', card: { token: 'tok_amex' } });
    expect(made.card).toMatchObject({ brand: 'amex', last4: '0005' });
    expect((await refusal(stripe.paymentMethods.update(made.id, { metadata: { a: '1' } }))).code).toBe(
      'payment_method_customer_required',
    );
    const customer = await stripe.customers.create();
    await stripe.paymentMethods.attach(made.id, { customer: customer.id });
    const changed = await stripe.paymentMethods.update(made.id, {
      billing_details: { name: 'Ada', address: { city: 'Wien' } },
      card: { exp_month: 3, exp_year: 2040 },
    });
    expect(changed).toMatchObject({
      billing_details: { name: 'Ada', address: { city: 'Wien' } },
      card: { exp_month: 3 },
    });
    const other = await stripe.customers.create();
    const error = await refusal(stripe.paymentMethods.attach(made.id, { customer: other.id }));
    expect(error.code).toBe('resource_already_attached');
    expect((await refusal(stripe.customers.retrievePaymentMethod(other.id, made.id))).statusCode).toBe(404);
    expect((await stripe.paymentMethods.detach(made.id)).customer).toBeNull();
    expect(await eventTypes(stripe)).toContain('payment_method.updated');
  });

  it('can be a bank account', async () => {
    const stripe = stripeAt(sandbox.url);
    const made = await stripe.paymentMethods.create({
      type: 'us_bank_account',
      us_bank_account: {
        account_holder_type: 'individual',
        account_number: '000123456789',
        routing_number: '110000000',
      },
      billing_details: { name: 'Ada' },
    });
    expect(made.us_bank_account).toMatchObject({ last4: '6789', routing_number: '110000000' });
    const iban = await refusal(stripe.paymentMethods.create({ type: 'sepa_debit', sepa_debit: { iban: 'AT1' } }));
    expect(iban).toMatchObject({ param: 'sepa_debit[iban]' });
    expect(await refusal(stripe.paymentMethods.create({ type: 'sepa_debit' }))).toMatchObject({ param: 'sepa_debit' });
  });
});

describe('a source, as before payment methods', () => {
  it('belongs to its customer, and pays', async () => {
    const stripe = stripeAt(sandbox.url);
    const customer = await stripe.customers.create({ source: 'tok_visa' });
    const first = customer.default_source as string;
    const card = (await stripe.customers.createSource(customer.id, { source: 'tok_mastercard' })) as Stripe.Card;
    expect(card).toMatchObject({ object: 'card', brand: 'MasterCard', customer: customer.id });
    const charge = await stripe.charges.create({ ...twenty, customer: customer.id });
    expect(charge).toMatchObject({ paid: true, payment_method: first, payment_intent: null });
    await stripe.customers.update(customer.id, { default_source: card.id });
    await stripe.customers.deleteSource(customer.id, card.id);
    expect(await stripe.customers.retrieve(customer.id)).toMatchObject({ default_source: first });
    const declined = await refusal(stripe.charges.create({ ...twenty, source: 'tok_chargeDeclined' }));
    expect(declined).toMatchObject({ code: 'card_declined', charge: expect.stringMatching(/^ch_/) });
    expect((await refusal(stripe.charges.create({ ...twenty, source: 'tok_none' }))).param).toBe('source');
    expect((await refusal(stripe.customers.create({ source: 'tok_chargeDeclined' }))).code).toBe('card_declined');
  });

  it('is held and captured by the charge alone', async () => {
    const stripe = stripeAt(sandbox.url);
    const charge = await stripe.charges.create({ ...twenty, capture: false, source: 'tok_visa' });
    expect(charge.captured).toBe(false);
    expect(await stripe.charges.update(charge.id, { description: 'Tea' })).toMatchObject({ description: 'Tea' });
    expect(await stripe.charges.capture(charge.id)).toMatchObject({ captured: true, amount_captured: 2_000 });
    expect((await refusal(stripe.charges.capture(charge.id))).code).toBe('charge_already_captured');
  });
});

describe('the payment of an invoice', () => {
  async function firstInvoice(stripe: Stripe, payment_method: string) {
    const customer = await stripe.customers.create({
      payment_method,
      invoice_settings: { default_payment_method: payment_method },
    });
    const price = await makeMonthlyPrice(stripe);
    const subscription = await stripe.subscriptions.create({
      customer: customer.id,
      items: [{ price: price.id }],
      payment_behavior: 'default_incomplete',
      expand: ['latest_invoice.payments.data.payment.payment_intent', 'latest_invoice.confirmation_secret'],
    });
    const invoice = subscription.latest_invoice as Stripe.Invoice;
    return { subscription, intent: invoice.payments!.data[0]!.payment.payment_intent as Stripe.PaymentIntent };
  }

  it('makes the subscription active once the payer confirms it, by 3-D Secure too', async () => {
    const stripe = stripeAt(sandbox.url);
    for (const method of ['pm_card_visa', 'pm_card_authenticationRequired']) {
      const { subscription, intent } = await firstInvoice(stripe, 'pm_card_visa');
      expect(subscription.status).toBe('incomplete');
      const confirmed = await stripe.paymentIntents.confirm(intent.id, { payment_method: method });
      if (confirmed.status === 'requires_action') await answer3ds(intent.id, 'complete');
      const active = await stripe.subscriptions.retrieve(subscription.id, { expand: ['latest_invoice'] });
      expect(active).toMatchObject({ status: 'active', latest_invoice: { status: 'paid' } });
    }
  });

  it('leaves the subscription incomplete where the card declines', async () => {
    const stripe = stripeAt(sandbox.url);
    const { subscription, intent } = await firstInvoice(stripe, 'pm_card_visa');
    const error = await refusal(stripe.paymentIntents.confirm(intent.id, { payment_method: 'pm_card_chargeDeclined' }));
    expect(error.code).toBe('card_declined');
    expect((await stripe.subscriptions.retrieve(subscription.id)).status).toBe('incomplete');
    expect(await eventTypes(stripe)).toContain('invoice.payment_failed');
  });
});
