import pg from 'pg';
import type Stripe from 'stripe';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { makeMonthlyPrice, refusal, startTestSandbox, stripeAt } from './sandbox.rig.ts';

let sandbox: Awaited<ReturnType<typeof startTestSandbox>>;
beforeAll(async () => {
  sandbox = await startTestSandbox();
});
afterAll(() => sandbox.close());

async function subscriber() {
  const stripe = stripeAt(sandbox.url);
  const customer = await stripe.customers.create({
    email: 'ada@example.com',
    name: 'Ada',
    payment_method: 'pm_card_visa',
  });
  const [card] = (await stripe.paymentMethods.list({ customer: customer.id })).data;
  const price = await makeMonthlyPrice(stripe);
  const subscription = await stripe.subscriptions.create({
    customer: customer.id,
    items: [{ price: price.id }],
    default_payment_method: card!.id,
  });
  return { stripe, customer, price, subscription };
}

function portal(stripe: Stripe, customer: string, params: Partial<Stripe.BillingPortal.SessionCreateParams> = {}) {
  return stripe.billingPortal.sessions.create({ customer, ...params });
}

const read = async (url: string) => {
  const response = await fetch(url);
  return { status: response.status, text: await response.text() };
};

const submit = (url: string, fields: Record<string, string> = {}, headers: Record<string, string> = {}) =>
  fetch(url, { method: 'POST', body: new URLSearchParams(fields), redirect: 'manual', headers });

const newCard = { number: '5555 5555 5555 4444', expiry: '12 / 34', cvc: '123' };

describe('configurations', () => {
  const cancels: Stripe.BillingPortal.ConfigurationCreateParams = {
    features: { subscription_cancel: { enabled: true, mode: 'immediately' } },
  };

  it('are created with what they enable, changed feature by feature, and listed', async () => {
    const stripe = stripeAt(sandbox.url);
    const created = await stripe.billingPortal.configurations.create({ ...cancels, metadata: { a: '1' } });
    expect(created).toMatchObject({
      object: 'billing_portal.configuration',
      active: true,
      is_default: false,
      features: { subscription_cancel: { enabled: true, mode: 'immediately' }, invoice_history: { enabled: false } },
    });
    const updated = await stripe.billingPortal.configurations.update(created.id, {
      business_profile: { headline: 'Acme' },
      features: { invoice_history: { enabled: true } },
      metadata: { b: '2' },
    });
    expect(updated).toMatchObject({
      business_profile: { headline: 'Acme' },
      features: { subscription_cancel: { enabled: true }, invoice_history: { enabled: true } },
      metadata: { a: '1', b: '2' },
    });
    expect((await stripe.billingPortal.configurations.retrieve(created.id)).id).toBe(created.id);
    await stripe.billingPortal.configurations.update(created.id, { active: false });
    expect((await stripe.billingPortal.configurations.list({ active: true })).data).toEqual([]);
    expect((await stripe.billingPortal.configurations.list({ active: false })).data).toHaveLength(1);
  });

  it('offer only prices that exist, each with its product', async () => {
    const stripe = stripeAt(sandbox.url);
    const [one, other] = [await makeMonthlyPrice(stripe), await makeMonthlyPrice(stripe)];
    const offer = (product: string, price: string) =>
      stripe.billingPortal.configurations.create({
        features: { subscription_update: { enabled: true, products: [{ product, prices: [price] }] } },
      });
    expect((await refusal(offer(one.product as string, 'price_none'))).code).toBe('resource_missing');
    expect((await refusal(offer('prod_none', one.id))).code).toBe('resource_missing');
    expect((await refusal(offer(one.product as string, other.id))).message).toContain('does not belong');
    await offer(one.product as string, one.id);
  });

  it('want to know whether a feature is enabled', async () => {
    const create = stripeAt(sandbox.url).rawRequest('POST', '/v1/billing_portal/configurations', {
      features: { subscription_cancel: { mode: 'immediately' } },
    });
    expect(await refusal(create)).toMatchObject({ param: 'features[subscription_cancel][enabled]' });
  });
});

describe('sessions', () => {
  it('make a default configuration at the first use', async () => {
    const { stripe, customer } = await subscriber();
    const session = await portal(stripe, customer.id, { return_url: 'https://app.example.com/account' });
    expect(session).toMatchObject({ object: 'billing_portal.session', customer: customer.id, flow: null });
    await portal(stripe, customer.id);
    expect((await stripe.billingPortal.configurations.list({ is_default: true })).data).toHaveLength(1);
    const types = (await stripe.events.list({ limit: 100 })).data.map(({ type }) => type);
    expect(types).toContain('billing_portal.session.created');
    const deactivate = stripe.billingPortal.configurations.update(String(session.configuration), { active: false });
    expect((await refusal(deactivate)).param).toBe('active');
  });

  it('refuse what is missing, foreign or not modelled', async () => {
    const { stripe, customer, subscription } = await subscriber();
    const stranger = await stripe.customers.create();
    const cancel = { type: 'subscription_cancel' as const, subscription_cancel: { subscription: subscription.id } };
    const cases: [Partial<Stripe.BillingPortal.SessionCreateParams>, string][] = [
      [{ customer: 'cus_none' }, 'customer'],
      [{ configuration: 'bpc_none' }, 'configuration'],
      [{ flow_data: { type: 'subscription_cancel' } }, 'flow_data[subscription_cancel]'],
      [{ customer: stranger.id, flow_data: cancel }, 'flow_data[subscription_cancel][subscription]'],
      [{ on_behalf_of: 'acct_1' }, 'on_behalf_of'],
    ];
    for (const [params, param] of cases) {
      expect(await refusal(portal(stripe, customer.id, params))).toMatchObject({ statusCode: 400, param });
    }
    expect((await refusal(stripe.billingPortal.sessions.create({}))).param).toBe('customer');
  });

  it('expire after an hour', async () => {
    const { stripe, customer } = await subscriber();
    const session = await portal(stripe, customer.id);
    expect((await read(session.url)).status).toBe(200);
    const db = new pg.Client(sandbox.databaseUrl);
    await db.connect();
    await db.query(`update sandbox.object set recorded = now() - interval '61 minutes' where id = $1`, [session.id]);
    await db.end();
    expect((await read(session.url)).status).toBe(410);
    expect((await submit(`${session.url}/details`, { name: 'Eve' })).status).toBe(410);
  });
});

describe('the page', () => {
  it('shows what the customer has, escaped', async () => {
    const { stripe, customer } = await subscriber();
    await stripe.customers.update(customer.id, { name: '<script>alert(1)</script>' });
    const { url } = await portal(stripe, customer.id, { return_url: 'https://app.example.com/account' });
    const { status, text } = await read(url);
    expect(status).toBe(200);
    for (const shown of ['Pro', '$15.00 / month', 'Renews on', 'Visa •••• 4242', 'https://app.example.com/account']) {
      expect(text).toContain(shown);
    }
    expect(text).not.toContain('<script');
    const response = await fetch(url);
    expect(response.headers.get('content-security-policy')).toContain("default-src 'none'");
  });

  it('switches the plan, among those that are offered', async () => {
    const { stripe, customer, price, subscription } = await subscriber();
    const team = await makeMonthlyPrice(stripe, { unit_amount: 4_900, product_data: { name: 'Team' } });
    const secret = await makeMonthlyPrice(stripe, { unit_amount: 1, product_data: { name: 'Secret' } });
    const products = [price, team].map(({ id, product }) => ({ product: product as string, prices: [id] }));
    const { id: configuration } = await stripe.billingPortal.configurations.create({
      features: {
        subscription_update: {
          enabled: true,
          default_allowed_updates: ['price', 'quantity'],
          proration_behavior: 'none',
          products,
        },
      },
    });
    const { url } = await portal(stripe, customer.id, { configuration });
    const at = `${url}/subscriptions/${subscription.id}/update`;
    const page = (await read(at)).text;
    expect(page).toContain('Team');
    expect(page).not.toContain('Secret');
    const refused = await submit(at, { price: secret.id });
    expect(refused.status).toBe(400);
    expect(await refused.text()).toContain('Choose one of the plans.');
    expect((await submit(at, { price: team.id, quantity: 'many' })).status).toBe(400);

    const left = await submit(at, { price: team.id, quantity: '3' });
    expect([left.status, left.headers.get('location')]).toEqual([303, new URL(url).pathname]);
    const [item] = (await stripe.subscriptions.retrieve(subscription.id)).items.data;
    expect(item).toMatchObject({ price: { id: team.id }, quantity: 3 });
    const [event] = (await stripe.events.list({ type: 'customer.subscription.updated' })).data;
    expect(event!.data.previous_attributes).toHaveProperty('items');
  });

  it('cancels at the end of the period with a reason, and takes that back', async () => {
    const { stripe, customer, subscription } = await subscriber();
    const { id: configuration } = await stripe.billingPortal.configurations.create({
      features: {
        subscription_cancel: { enabled: true, cancellation_reason: { enabled: true, options: ['too_expensive'] } },
      },
    });
    const { url } = await portal(stripe, customer.id, { configuration });
    const at = `${url}/subscriptions/${subscription.id}`;
    expect((await read(`${at}/cancel`)).text).toContain('too expensive');
    expect((await submit(`${at}/cancel`, { feedback: 'too_expensive', comment: 'bye' })).status).toBe(303);
    expect(await stripe.subscriptions.retrieve(subscription.id)).toMatchObject({
      status: 'active',
      cancel_at_period_end: true,
      cancellation_details: { feedback: 'too_expensive', comment: 'bye' },
    });
    expect((await read(url)).text).toContain('Ends on');
    expect((await submit(`${at}/resume`)).status).toBe(303);
    expect((await stripe.subscriptions.retrieve(subscription.id)).cancel_at_period_end).toBe(false);
  });

  it('cancels at once where the configuration says so', async () => {
    const { stripe, customer, subscription } = await subscriber();
    const { id: configuration } = await stripe.billingPortal.configurations.create({
      features: { subscription_cancel: { enabled: true, mode: 'immediately' } },
    });
    const { url } = await portal(stripe, customer.id, { configuration });
    const at = `${url}/subscriptions/${subscription.id}/cancel`;
    expect((await submit(at)).status).toBe(303);
    expect((await stripe.subscriptions.retrieve(subscription.id)).status).toBe('canceled');
    const again = await submit(at);
    expect(again.status).toBe(400);
    expect(await again.text()).toContain('There is no such plan any more.');
  });

  it('replaces the card that pays', async () => {
    const { stripe, customer, subscription } = await subscriber();
    const { url } = await portal(stripe, customer.id);
    const at = `${url}/payment_method`;
    expect((await read(at)).text).toContain('Card number');
    const wrong = await submit(at, { ...newCard, number: '4242' });
    expect(wrong.status).toBe(400);
    expect(await wrong.text()).toContain('Your card number is incorrect.');
    const declined = await submit(at, { ...newCard, number: '4000 0000 0000 0002' });
    expect(declined.status).toBe(402);
    expect((await submit(at, { ...newCard, number: '4000 0027 6000 3184' })).status).toBe(400);
    expect((await submit(at, newCard)).status).toBe(303);
    const { invoice_settings } = (await stripe.customers.retrieve(customer.id)) as Stripe.Customer;
    const method = await stripe.paymentMethods.retrieve(invoice_settings.default_payment_method as string);
    expect(method).toMatchObject({ customer: customer.id, card: { brand: 'mastercard', last4: '4444' } });
    expect((await stripe.subscriptions.retrieve(subscription.id)).default_payment_method).toBe(method.id);
  });

  it('changes the details that may be changed', async () => {
    const { stripe, customer } = await subscriber();
    const { url } = await portal(stripe, customer.id);
    expect((await submit(`${url}/details`, { name: 'Ada L.', email: 'ada@new.example', phone: '1' })).status).toBe(303);
    expect(await stripe.customers.retrieve(customer.id)).toMatchObject({
      name: 'Ada L.',
      email: 'ada@new.example',
      phone: null,
    });
    expect((await submit(`${url}/details`, { email: 'nobody' })).status).toBe(400);
  });

  it('offers nothing that is not enabled', async () => {
    const { stripe, customer, subscription } = await subscriber();
    const { id: configuration } = await stripe.billingPortal.configurations.create({
      features: { invoice_history: { enabled: false } },
    });
    const { url } = await portal(stripe, customer.id, { configuration });
    expect((await read(url)).text).not.toContain('Cancel plan');
    for (const path of [`/subscriptions/${subscription.id}/cancel`, '/payment_method', '/details']) {
      expect((await read(url + path)).status).toBe(403);
      expect((await submit(url + path, newCard)).status).toBe(403);
    }
    expect((await stripe.subscriptions.retrieve(subscription.id)).cancel_at_period_end).toBe(false);
  });

  it('takes no form of another site, and knows no session but its own', async () => {
    const { stripe, customer, subscription } = await subscriber();
    const { url } = await portal(stripe, customer.id);
    const at = `${url}/subscriptions/${subscription.id}/cancel`;
    for (const [name, value] of [
      ['sec-fetch-site', 'cross-site'],
      ['sec-fetch-site', 'same-site'],
      ['origin', 'null'],
    ] as const) {
      expect((await submit(at, {}, { [name]: value })).status).toBe(403);
    }
    const stranger = await subscriber();
    const foreign = `${url}/subscriptions/${stranger.subscription.id}/cancel`;
    expect((await submit(foreign)).status).toBe(400);
    expect((await read(`${sandbox.url}/p/session/bps_none`)).status).toBe(404);
    expect((await submit(`${sandbox.url}/p/session/bps_none/details`)).status).toBe(404);
    expect((await stripe.subscriptions.retrieve(subscription.id)).cancel_at_period_end).toBe(false);
  });
});

describe('flows', () => {
  it('go straight to their page, and back to the merchant when done', async () => {
    const { stripe, customer, subscription } = await subscriber();
    const session = await portal(stripe, customer.id, {
      flow_data: {
        type: 'subscription_cancel',
        subscription_cancel: { subscription: subscription.id },
        after_completion: { type: 'redirect', redirect: { return_url: 'https://app.example.com/bye' } },
      },
    });
    expect(session.flow).toMatchObject({ type: 'subscription_cancel', subscription_update: null });
    const first = await fetch(session.url, { redirect: 'manual' });
    const at = `${new URL(session.url).pathname}/subscriptions/${subscription.id}/cancel`;
    expect(first.headers.get('location')).toBe(at);
    const done = await submit(sandbox.url + at);
    expect(done.headers.get('location')).toBe('https://app.example.com/bye');
  });

  it('confirm one switch, and say so themselves', async () => {
    const { stripe, customer, subscription } = await subscriber();
    const team = await makeMonthlyPrice(stripe, { unit_amount: 4_900, product_data: { name: 'Team' } });
    const [item] = subscription.items.data;
    const session = await portal(stripe, customer.id, {
      flow_data: {
        type: 'subscription_update_confirm',
        subscription_update_confirm: {
          subscription: subscription.id,
          items: [{ id: item!.id, price: team.id, quantity: 2 }],
        },
        after_completion: { type: 'hosted_confirmation', hosted_confirmation: { custom_message: 'Welcome, team!' } },
      },
    });
    const done = await submit(`${session.url}/subscriptions/${subscription.id}/update`);
    expect(await done.text()).toContain('Welcome, team!');
    const [changed] = (await stripe.subscriptions.retrieve(subscription.id)).items.data;
    expect(changed).toMatchObject({ price: { id: team.id }, quantity: 2 });
  });

  it.each(['payment_method_update', 'customer_update'] as const)('%s needs no subscription', async (type) => {
    const { stripe, customer } = await subscriber();
    const { url } = await portal(stripe, customer.id, { flow_data: { type } });
    const { status, text } = await read(url);
    expect(status).toBe(200);
    expect(text).toContain('<form');
  });
});
