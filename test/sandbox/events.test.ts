import { randomBytes } from 'node:crypto';
import Stripe from 'stripe';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import {
  control,
  makeMonthlyPrice,
  newKey,
  type Received,
  refusal,
  startReceiver,
  startTestSandbox,
  stripeAt,
  submitCheckout,
} from './sandbox.rig.ts';

let sandbox: Awaited<ReturnType<typeof startTestSandbox>>;
beforeAll(async () => {
  sandbox = await startTestSandbox();
});
afterAll(() => sandbox.close());

async function subscribe(stripe: Stripe) {
  const price = await makeMonthlyPrice(stripe);
  const session = await stripe.checkout.sessions.create({
    mode: 'subscription',
    line_items: [{ price: price.id, quantity: 2 }],
    subscription_data: { metadata: { user: '42' } },
    success_url: 'https://app.example.com/ok',
  });
  await submitCheckout(session.url!);
  const [subscription] = (await stripe.subscriptions.list()).data;
  return { price, session, subscription: subscription! };
}

function bodiesOf(received: Received[], type: string) {
  return received.map(({ body }) => JSON.parse(body)).filter((event) => event.type === type);
}

it('every event parses, and says when, by which request and in which version', async () => {
  const stripe = stripeAt(sandbox.url);
  const { received, url } = await startReceiver();
  const { secret } = await stripe.webhookEndpoints.create({ url, enabled_events: ['*'] });
  await subscribe(stripe);
  await stripe.products.create({ name: 'Pro' }, { idempotencyKey: 'once' });
  await sandbox.idle();
  expect(received.length).toBeGreaterThan(10);
  for (const { body, headers } of received) {
    const event = stripe.webhooks.constructEvent(body, headers['stripe-signature']!, secret!);
    expect(event).toMatchObject({
      id: expect.stringMatching(/^evt_\w+$/),
      object: 'event',
      api_version: Stripe.API_VERSION,
      created: expect.any(Number),
      livemode: false,
      pending_webhooks: 1,
      request: { id: expect.stringMatching(/^req_/) },
    });
    expect(JSON.stringify(event)).not.toContain('_sandbox');
  }
  expect(bodiesOf(received, 'product.created').at(-1).request.idempotency_key).toBe('once');
});

describe('an endpoint of the API version 2023-08-16', () => {
  it('is sent subscriptions and invoices in the shape of then', async () => {
    const stripe = stripeAt(sandbox.url);
    const { received, url } = await startReceiver();
    const endpoint = await stripe.webhookEndpoints.create({ url, enabled_events: ['*'], api_version: '2023-08-16' });
    const { price, subscription } = await subscribe(stripe);
    await stripe.subscriptions.update(subscription.id, { cancel_at_period_end: true });
    await sandbox.idle();
    expect(endpoint.api_version).toBe('2023-08-16');
    for (const { body } of received) expect(JSON.parse(body).api_version).toBe('2023-08-16');

    const [item] = subscription.items.data;
    const [created] = bodiesOf(received, 'customer.subscription.created');
    expect(created.data.object).toMatchObject({
      id: subscription.id,
      current_period_start: item!.current_period_start,
      current_period_end: item!.current_period_end,
      discount: null,
      quantity: 2,
      plan: { id: price.id },
    });
    expect(created.data.object).not.toHaveProperty('discounts');
    expect(created.data.object.items.data[0]).not.toHaveProperty('current_period_end');
    expect(created.data.object.items.data[0].price.recurring).toHaveProperty('aggregate_usage', null);
    const [updated] = bodiesOf(received, 'customer.subscription.updated').slice(-1);
    expect(updated.data.previous_attributes).toMatchObject({ cancel_at_period_end: false });

    const [paid] = bodiesOf(received, 'invoice.paid');
    const [payment] = (await stripe.paymentIntents.list()).data;
    expect(paid.data.object).toMatchObject({
      subscription: subscription.id,
      subscription_details: { metadata: { user: '42' } },
      paid: true,
      paid_out_of_band: false,
      payment_intent: payment!.id,
      charge: payment!.latest_charge,
      discount: null,
      tax: null,
    });
    expect(paid.data.object).not.toHaveProperty('parent');
    expect(paid.data.object.lines.data[0]).toMatchObject({
      type: 'subscription',
      price: { id: price.id, unit_amount: 1_500 },
      proration: false,
      subscription: subscription.id,
      subscription_item: item!.id,
    });
    expect(bodiesOf(received, 'invoice.created')[0].data.object.paid).toBe(false);
    expect(bodiesOf(received, 'payment_intent.succeeded')[0].data.object.invoice).toBe(paid.data.object.id);
    expect(bodiesOf(received, 'charge.succeeded')[0].data.object.invoice).toBe(paid.data.object.id);
  });

  it('is sent discounts with their coupon, and products and prices as they were', async () => {
    const stripe = stripeAt(sandbox.url);
    const { received, url } = await startReceiver();
    await stripe.webhookEndpoints.create({ url, enabled_events: ['*'], api_version: '2023-08-16' });
    const coupon = await stripe.coupons.create({ percent_off: 25, duration: 'forever' });
    await stripe.promotionCodes.create({ promotion: { type: 'coupon', coupon: coupon.id }, code: 'LAUNCH' });
    const customer = await stripe.customers.create({ payment_method: 'pm_card_visa' });
    const price = await makeMonthlyPrice(stripe);
    const [method] = (await stripe.paymentMethods.list({ customer: customer.id })).data;
    await stripe.subscriptions.create({
      customer: customer.id,
      default_payment_method: method!.id,
      items: [{ price: price.id }],
      discounts: [{ coupon: coupon.id }],
    });
    await sandbox.idle();
    expect(bodiesOf(received, 'promotion_code.created')[0].data.object).toMatchObject({ coupon: { id: coupon.id } });
    expect(bodiesOf(received, 'customer.subscription.created')[0].data.object.discount).toMatchObject({
      coupon: { id: coupon.id, percent_off: 25 },
    });
    expect(bodiesOf(received, 'product.created')[0].data.object).toHaveProperty('features');
    expect(bodiesOf(received, 'price.created')[0].data.object.recurring).not.toHaveProperty('meter');
  });

  it('is the only older one', async () => {
    const stripe = stripeAt(sandbox.url);
    const create = stripe.webhookEndpoints.create({
      url: 'https://x.test',
      enabled_events: ['*'],
      api_version: '2020-08-27',
    });
    expect(await refusal(create)).toMatchObject({ statusCode: 400, param: 'api_version' });
  });

  it('can be staged on any endpoint', async () => {
    const key = newKey();
    const stripe = stripeAt(sandbox.url, key);
    const { received, url } = await startReceiver();
    await stripe.webhookEndpoints.create({ url, enabled_events: ['*'] });
    await control(sandbox.url, key)('POST', '/faults', { kind: 'webhook_old_shape', next: '1' });
    await stripe.customers.create();
    await stripe.customers.create();
    await sandbox.idle();
    const versions = bodiesOf(received, 'customer.created').map(({ api_version }) => api_version);
    expect(versions.toSorted()).toEqual(['2023-08-16', Stripe.API_VERSION]);
  });
});

describe('thin events', () => {
  async function thinDestination(stripe: Stripe, url: string) {
    const destination = await stripe.v2.core.eventDestinations.create({
      name: 'Errors',
      type: 'webhook_endpoint',
      event_payload: 'thin',
      include: ['webhook_endpoint.signing_secret'],
      enabled_events: ['v1.billing.meter.error_report_triggered'],
      webhook_endpoint: { url },
    });
    return { ...destination, secret: destination.webhook_endpoint!.signing_secret! };
  }

  it('say that a meter could not count an event', async () => {
    const stripe = stripeAt(sandbox.url);
    const { received, url } = await startReceiver();
    const { id, secret } = await thinDestination(stripe, url);
    const event_name = `calls_${randomBytes(4).toString('hex')}`;
    const meter = await stripe.billing.meters.create({
      display_name: 'Calls',
      event_name,
      default_aggregation: { formula: 'sum' },
    });
    await stripe.billing.meterEvents.create({ event_name, payload: { stripe_customer_id: 'cus_nobody', value: '1' } });
    await sandbox.idle();
    const [{ body, headers }] = received as [Received];
    expect(() => stripe.webhooks.constructEvent(body, headers['stripe-signature']!, secret)).toThrow();
    const notification = stripe.parseEventNotification(body, headers['stripe-signature']!, secret);
    expect(notification).toMatchObject({
      type: 'v1.billing.meter.error_report_triggered',
      related_object: { id: meter.id, type: 'billing.meter', url: `/v1/billing/meters/${meter.id}` },
      livemode: false,
    });
    expect(JSON.parse(body)).not.toHaveProperty('data');
    expect(await stripe.v2.core.events.retrieve(notification.id)).toMatchObject({
      data: { reason: { error_count: 1 } },
    });
    await stripe.billing.meterEvents.create({ event_name, payload: { stripe_customer_id: 'cus_no', value: '1' } });
    const listed = [];
    for await (const event of stripe.v2.core.events.list({ types: [notification.type], limit: 1 })) listed.push(event);
    expect(listed.map(({ related_object: about }: any) => about.id)).toEqual([meter.id, meter.id]);
    expect(listed[1]!.id).toBe(notification.id);
    const none = { object_id: 'mtr_none', limit: 2 };
    expect((await stripe.v2.core.events.list(none)).data).toEqual([]);
    const after = { created: { gt: '2100-01-01T00:00:00Z' as never } };
    expect((await stripe.v2.core.events.list(after)).data).toEqual([]);
    const seconds = stripe.v2.core.events.list({ created: { gt: 5 } });
    expect(await refusal(seconds)).toMatchObject({ statusCode: 400, param: 'created[gt]' });
    expect(await stripe.v2.core.eventDestinations.retrieve(id)).not.toHaveProperty('webhook_endpoint.signing_secret');
    await stripe.v2.core.eventDestinations.del(id);
    expect((await refusal(stripe.v2.core.eventDestinations.retrieve(id))).statusCode).toBe(404);
  });

  it('are asked for in JSON, read as strictly as forms', async () => {
    const key = newKey();
    const post = async (path: string, body: string) => {
      const headers = { authorization: `Bearer ${key}`, 'content-type': 'application/json' };
      const response = await fetch(sandbox.url + path, { method: 'POST', headers, body });
      return { status: response.status, ...((await response.json()) as object) };
    };
    const destinations = '/v2/core/event_destinations';
    expect(await post(destinations, '{')).toMatchObject({ status: 400, error: { type: 'invalid_request_error' } });
    expect(await post(destinations, '[]')).toMatchObject({ status: 400 });
    expect(await post(destinations, '{"colour":"red"}')).toMatchObject({ status: 400, error: { param: 'colour' } });
    expect(await post(destinations, `${'{"a":'.repeat(30)}1${'}'.repeat(30)}`)).toMatchObject({ status: 400 });
    expect(await post('/v1/customers', '{"name":"Ada"}')).toMatchObject({ status: 400 });
  });
});
