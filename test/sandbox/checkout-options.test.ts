import type Stripe from 'stripe';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { makeMonthlyPrice, refusal, startTestSandbox, stripeAt, submitCheckout } from './sandbox.rig.ts';

let sandbox: Awaited<ReturnType<typeof startTestSandbox>>;
beforeAll(async () => {
  sandbox = await startTestSandbox();
});
afterAll(() => sandbox.close());

const success_url = 'https://app.example.com/ok';

async function openSession(stripe: Stripe, given: Partial<Stripe.Checkout.SessionCreateParams> = {}) {
  const isPayment = given.mode === 'payment';
  const price = await makeMonthlyPrice(stripe, isPayment ? { recurring: undefined } : {});
  const line_items = [{ price: price.id, quantity: 1 }];
  return stripe.checkout.sessions.create({ mode: 'subscription', line_items, success_url, ...given });
}

async function eventTypes(stripe: Stripe) {
  return (await stripe.events.list({ limit: 100 })).data.map(({ type }) => type).reverse();
}

function answer3ds(location: string, action: 'complete' | 'fail') {
  const body = new URLSearchParams({ action });
  return fetch(new URL(location, sandbox.url), { method: 'POST', body, redirect: 'manual' });
}

const secure = { number: '4000 0027 6000 3184' };

describe('3-D Secure', () => {
  it.each(['payment', 'subscription'] as const)('is passed on the way of a %s', async (mode) => {
    const stripe = stripeAt(sandbox.url);
    const session = await openSession(stripe, { mode });
    const asked = await submitCheckout(session.url!, secure);
    expect(asked.status).toBe(303);
    const location = asked.headers.get('location')!;
    expect(location).toMatch(/^\/3d-secure\/pi_/);
    expect(await stripe.checkout.sessions.retrieve(session.id)).toMatchObject({ status: 'open', customer: null });
    const done = await answer3ds(location, 'complete');
    expect(done.headers.get('location')).toBe(success_url);
    const complete = await stripe.checkout.sessions.retrieve(session.id);
    expect(complete).toMatchObject({ status: 'complete', payment_status: 'paid' });
    expect((await stripe.subscriptions.list()).data).toHaveLength(mode === 'payment' ? 0 : 1);
    expect((await stripe.charges.list()).data).toMatchObject([
      { paid: true, billing_details: { email: 'ada@example.com' } },
    ]);
  });

  it('lets the payer try again after failing', async () => {
    const stripe = stripeAt(sandbox.url);
    const session = await openSession(stripe);
    const asked = await submitCheckout(session.url!, secure);
    const failed = await answer3ds(asked.headers.get('location')!, 'fail');
    expect(failed.status).toBe(402);
    expect(await failed.text()).toContain('unable to authenticate');
    expect((await submitCheckout(session.url!)).status).toBe(303);
    expect((await stripe.subscriptions.list()).data).toMatchObject([{ status: 'active' }]);
    expect((await stripe.paymentIntents.list()).data).toHaveLength(1);
  });

  it('is passed before a card is saved, for later or for a trial', async () => {
    const stripe = stripeAt(sandbox.url);
    const customer = await stripe.customers.create();
    const saving = await openSession(stripe, {
      mode: 'setup',
      currency: 'usd',
      customer: customer.id,
      line_items: undefined,
    });
    const trial = await openSession(stripe, { subscription_data: { trial_period_days: 7 } });
    for (const session of [saving, trial]) {
      const asked = await submitCheckout(session.url!, secure);
      expect(asked.headers.get('location')).toMatch(/^\/3d-secure\/seti_/);
      expect((await answer3ds(asked.headers.get('location')!, 'complete')).headers.get('location')).toBe(success_url);
    }
    expect((await stripe.paymentMethods.list({ customer: customer.id })).data).toHaveLength(1);
    expect((await stripe.subscriptions.list()).data).toMatchObject([{ status: 'trialing' }]);
  });

  it('is nothing that another site, or nobody, can answer', async () => {
    expect((await answer3ds('/3d-secure/pi_none', 'complete')).status).toBe(404);
    expect((await fetch(`${sandbox.url}/3d-secure/seti_none`)).status).toBe(404);
    const headers = { 'sec-fetch-site': 'cross-site' };
    const foreign = await fetch(`${sandbox.url}/3d-secure/pi_none`, { method: 'POST', headers });
    expect(foreign.status).toBe(403);
  });
});

describe('what a session asks', () => {
  it('is asked, checked and kept', async () => {
    const stripe = stripeAt(sandbox.url);
    const session = await openSession(stripe, {
      billing_address_collection: 'required',
      consent_collection: { promotions: 'auto', terms_of_service: 'required' },
      custom_fields: [
        { key: 'team', label: { custom: 'Team', type: 'custom' }, type: 'text', text: { minimum_length: 2 } },
        {
          key: 'size',
          label: { custom: 'Size', type: 'custom' },
          optional: true,
          type: 'dropdown',
          dropdown: { options: [{ label: 'Small', value: 's' }] },
        },
        { key: 'floor', label: { custom: 'Floor', type: 'custom' }, type: 'numeric' },
      ],
      phone_number_collection: { enabled: true },
    });
    const page = await (await fetch(session.url!)).text();
    for (const name of ['phone', 'line1', 'custom_team', 'custom_size', 'terms', 'promotions']) {
      expect(page).toContain(`name="${name}"`);
    }
    const filled: Record<string, string> = {
      name: 'Ada',
      line1: 'Ring 1',
      postal_code: '1010',
      city: 'Wien',
      country: 'AT',
      phone: '+43 1 234',
      terms: 'on',
      custom_team: 'Blue',
      custom_size: 's',
      custom_floor: '3',
    };
    for (const [name, value] of [
      ['line1', ''],
      ['phone', ''],
      ['terms', ''],
      ['custom_team', 'B'],
      ['custom_size', 'xl'],
      ['custom_floor', 'three'],
    ] as const) {
      const wrong = await submitCheckout(session.url!, { ...filled, [name]: value });
      expect([name, wrong.status]).toEqual([name, 400]);
      expect(await wrong.text()).toContain('role="alert"');
    }
    expect((await submitCheckout(session.url!, filled)).status).toBe(303);
    expect(await stripe.checkout.sessions.retrieve(session.id)).toMatchObject({
      consent: { promotions: 'opt_out', terms_of_service: 'accepted' },
      custom_fields: [
        { key: 'team', text: { value: 'Blue' } },
        { key: 'size', dropdown: { value: 's' } },
        { key: 'floor', numeric: { value: '3' } },
      ],
      customer_details: { name: 'Ada', phone: '+43 1 234', address: { city: 'Wien', country: 'AT', line2: null } },
    });
    const [customer] = (await stripe.customers.list()).data;
    expect(customer).toMatchObject({ name: 'Ada', phone: '+43 1 234', address: { line1: 'Ring 1' } });
  });

  it('may be a quantity', async () => {
    const stripe = stripeAt(sandbox.url);
    const price = await makeMonthlyPrice(stripe);
    const adjustable_quantity = { enabled: true, minimum: 1, maximum: 5 };
    const session = await openSession(stripe, { line_items: [{ price: price.id, quantity: 2, adjustable_quantity }] });
    const wrong = await submitCheckout(session.url!, { action: 'quantity', quantity_0: '6' });
    expect(await wrong.text()).toContain('from 1 to 5');
    const changed = await submitCheckout(session.url!, { action: 'quantity', quantity_0: '3', number: '' });
    expect(changed.status).toBe(200);
    expect(await changed.text()).toContain('$45.00');
    expect((await submitCheckout(session.url!, { quantity_0: '4' })).status).toBe(303);
    const [subscription] = (await stripe.subscriptions.list()).data;
    expect(subscription!.items.data).toMatchObject([{ quantity: 4 }]);
    const items = await stripe.checkout.sessions.listLineItems(session.id);
    expect(items.data).toMatchObject([{ quantity: 4, amount_total: 6_000 }]);
    const outside = { price: price.id, quantity: 9, adjustable_quantity };
    const error = await refusal(openSession(stripe, { line_items: [outside] }));
    expect(error.param).toBe('line_items[0][adjustable_quantity]');
  });

  it('changes a known customer only where it may', async () => {
    const stripe = stripeAt(sandbox.url);
    const customer = await stripe.customers.create({ email: 'ada@example.com', name: 'Old' });
    const asks = { billing_address_collection: 'required', customer: customer.id } as const;
    const filled = { name: 'New', line1: 'Ring 1', postal_code: '1010', city: 'Wien', country: 'AT' };
    await submitCheckout((await openSession(stripe, asks)).url!, filled);
    expect(await stripe.customers.retrieve(customer.id)).toMatchObject({ name: 'Old', address: null });
    const session = await openSession(stripe, { ...asks, customer_update: { name: 'auto', address: 'auto' } });
    await submitCheckout(session.url!, filled);
    expect(await stripe.customers.retrieve(customer.id)).toMatchObject({ name: 'New', address: { city: 'Wien' } });
  });
});

describe('an expired session', () => {
  it('can be taken up again where it offers that', async () => {
    const stripe = stripeAt(sandbox.url);
    const session = await openSession(stripe, {
      after_expiration: { recovery: { enabled: true, allow_promotion_codes: true } },
    });
    const recover = `${sandbox.url}/c/recover/${session.id}`;
    expect((await fetch(recover, { redirect: 'manual' })).status).toBe(404);
    const expired = await stripe.checkout.sessions.expire(session.id);
    expect(expired.after_expiration!.recovery).toMatchObject({ enabled: true, url: recover });
    const again = await fetch(recover, { redirect: 'manual' });
    expect(again.status).toBe(303);
    const { data } = await stripe.checkout.sessions.list({ status: 'open' });
    expect(data).toMatchObject([{ recovered_from: session.id, allow_promotion_codes: true, amount_total: 1_500 }]);
    expect(again.headers.get('location')).toBe(data[0]!.url);
    expect((await submitCheckout(data[0]!.url!)).status).toBe(303);
    expect((await fetch(`${sandbox.url}/c/recover/cs_none`)).status).toBe(404);
  });

  it('keeps its metadata, which can be changed', async () => {
    const stripe = stripeAt(sandbox.url);
    const session = await openSession(stripe, { metadata: { a: '1' } });
    expect((await stripe.checkout.sessions.update(session.id, { metadata: { b: '2' } })).metadata).toEqual({
      a: '1',
      b: '2',
    });
  });
});

describe('a bank debit', () => {
  it.each([
    ['AT61 1904 3002 3457 3201', 'checkout.session.async_payment_succeeded', 'paid'],
    ['AT861904300235473202', 'checkout.session.async_payment_failed', 'unpaid'],
  ])('from %s completes the session unpaid, then tells how it went', async (iban, type, payment_status) => {
    const stripe = stripeAt(sandbox.url);
    const price = await makeMonthlyPrice(stripe, { currency: 'eur', recurring: undefined });
    const session = await openSession(stripe, {
      mode: 'payment',
      allowed_payment_method_types: ['sepa_debit'],
      line_items: [{ price: price.id, quantity: 1 }],
    });
    expect(await (await fetch(session.url!)).text()).toContain('name="iban"');
    expect((await submitCheckout(session.url!, { iban: 'none' })).status).toBe(400);
    expect((await submitCheckout(session.url!, { iban })).status).toBe(303);
    const [completed] = (await stripe.events.list({ type: 'checkout.session.completed' })).data;
    expect(completed!.data.object).toMatchObject({ status: 'complete', payment_status: 'unpaid' });
    await expect.poll(() => eventTypes(stripe), { timeout: 10_000 }).toContain(type);
    expect((await stripe.checkout.sessions.retrieve(session.id)).payment_status).toBe(payment_status);
  });

  it('is for single payments only', async () => {
    const error = await refusal(openSession(stripeAt(sandbox.url), { allowed_payment_method_types: ['sepa_debit'] }));
    expect(error.param).toBe('allowed_payment_method_types');
  });
});

it('is paid as the CLI does it, for the amount it expects', async () => {
  const stripe = stripeAt(sandbox.url);
  const session = await openSession(stripe, { mode: 'payment' });
  const pay = (given: object) => stripe.rawRequest('POST', `/v1/payment_pages/${session.id}/confirm`, given as never);
  expect(await stripe.rawRequest('GET', `/v1/payment_pages/${session.id}`)).toMatchObject({ id: session.id });
  const nameless = await stripe.paymentMethods.create({ type: 'card', card: { token: 'tok_visa' } });
  const error = await refusal(pay({ payment_method: nameless.id }));
  expect(error.param).toBe('payment_method[billing_details][email]');
  const billing_details = { email: 'cli@example.com' };
  const method = await stripe.paymentMethods.create({ type: 'card', card: { token: 'tok_visa' }, billing_details });
  const other = await refusal(pay({ payment_method: method.id, expected_amount: 1 }));
  expect(other.code).toBe('checkout_amount_mismatch');
  expect(await pay({ payment_method: method.id, expected_amount: 1_500 })).toMatchObject({
    status: 'complete',
    customer_details: { email: 'cli@example.com' },
  });
  expect((await refusal(pay({ payment_method: method.id }))).statusCode).toBe(404);
});

it.each<[string, Partial<Stripe.Checkout.SessionCreateParams>, string]>([
  ['what the sandbox does not model', { shipping_options: [{ shipping_rate: 'shr_1' }] }, 'shipping_options'],
  ['an embedded page', { ui_mode: 'embedded_page' }, 'ui_mode'],
  [
    'an invoice for a single payment',
    { mode: 'payment', invoice_creation: { enabled: true } },
    'invoice_creation[enabled]',
  ],
  ['changing a customer it does not know', { customer_update: { name: 'auto' } }, 'customer_update'],
  [
    'four fields',
    { custom_fields: Array(4).fill({ key: 'a', label: { type: 'custom', custom: 'A' }, type: 'text' }) },
    'custom_fields',
  ],
  [
    'a choice of nothing',
    { custom_fields: [{ key: 'a', label: { type: 'custom', custom: 'A' }, type: 'dropdown' }] },
    'custom_fields[0][dropdown]',
  ],
])('refuses %s', async (_what, given, param) => {
  expect(await refusal(openSession(stripeAt(sandbox.url), given))).toMatchObject({ statusCode: 400, param });
});
