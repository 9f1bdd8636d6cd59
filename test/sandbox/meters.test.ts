import type Stripe from 'stripe';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { advance, at, customerOnClock, day, giveCard, history, newYear, subscribe } from './clock.rig.ts';
import { refusal, startReceiver, startTestSandbox, stripeAt } from './sandbox.rig.ts';

let sandbox: Awaited<ReturnType<typeof startTestSandbox>>;
beforeAll(async () => {
  sandbox = await startTestSandbox();
});
afterAll(() => sandbox.close());

async function callsMeter(stripe: Stripe, formula: 'sum' | 'count' | 'last' = 'sum') {
  const meter = await stripe.billing.meters.create({
    display_name: 'Calls',
    event_name: 'calls',
    default_aggregation: { formula },
  });
  const use = (customer: string, value: number | string, more: Partial<Stripe.Billing.MeterEventCreateParams> = {}) =>
    stripe.billing.meterEvents.create({
      event_name: 'calls',
      payload: { stripe_customer_id: customer, value: String(value) },
      ...more,
    });
  return { meter, use };
}

function meteredPrice(stripe: Stripe, meter: string, price: Partial<Stripe.PriceCreateParams> = {}) {
  return stripe.prices.create({
    currency: 'usd',
    unit_amount_decimal: '0.25' as never,
    product_data: { name: 'Calls' },
    recurring: { interval: 'month', usage_type: 'metered', meter },
    ...price,
  });
}

describe('metered prices', () => {
  it('bill what was used in a month, to the cent, when it is over', async () => {
    const stripe = stripeAt(sandbox.url);
    const { clock, customer } = await customerOnClock(stripe);
    const { meter, use } = await callsMeter(stripe);
    const price = await meteredPrice(stripe, meter.id);
    const base = await stripe.prices.create({
      currency: 'usd',
      unit_amount: 900,
      recurring: { interval: 'month' },
      product_data: { name: 'Base' },
    });
    const { id } = await subscribe(stripe, customer, { items: [{ price: base.id }, { price: price.id }] });
    await use(customer, 1_000);
    await advance(stripe, clock, at(2027, 1, 20));
    await use(customer, 2_345);
    await use(customer, 7, { timestamp: newYear });
    await advance(stripe, clock, at(2027, 2, 1));
    await use(customer, 50);
    await advance(stripe, clock, at(2027, 2, 1) + 7_200);
    const [invoice, first] = (await stripe.invoices.list({ subscription: id })).data;
    expect(first!.total).toBe(900);
    // 3352 × 0.25 cents
    expect(invoice!.lines.data.map(({ amount, quantity }) => [amount, quantity])).toEqual([
      [900, 1],
      [838, 3_352],
    ]);
    expect(invoice!.lines.data[1]!.period).toEqual({ start: newYear, end: at(2027, 2) });
    expect(invoice).toMatchObject({ total: 1_738, status: 'paid' });
    const { items } = await stripe.subscriptions.retrieve(id);
    expect(items.data[1]!.quantity).toBeUndefined();
    const ended = await stripe.subscriptions.cancel(id, { invoice_now: true });
    // 50 × 0.25 = 12.5 cents
    expect((await stripe.invoices.retrieve(ended.latest_invoice as string)).total).toBe(13);
  });

  it('bill by tiers', async () => {
    const stripe = stripeAt(sandbox.url);
    const { clock, customer } = await customerOnClock(stripe);
    const { meter, use } = await callsMeter(stripe);
    const price = await meteredPrice(stripe, meter.id, {
      unit_amount_decimal: undefined,
      billing_scheme: 'tiered',
      tiers_mode: 'graduated',
      tiers: [
        { up_to: 100, unit_amount: 0 },
        { up_to: 'inf', unit_amount: 2 },
      ],
    });
    const { id } = await subscribe(stripe, customer, { items: [{ price: price.id }] });
    for (const value of [60, 60, 30]) await use(customer, value);
    await advance(stripe, clock, at(2027, 2, 2));
    expect((await stripe.invoices.list({ subscription: id })).data[0]).toMatchObject({ total: 100, status: 'paid' });
  });

  it('refuse a quantity', async () => {
    const stripe = stripeAt(sandbox.url);
    const { customer } = await customerOnClock(stripe);
    const { meter } = await callsMeter(stripe);
    const price = await meteredPrice(stripe, meter.id);
    const error = await refusal(subscribe(stripe, customer, { items: [{ price: price.id, quantity: 2 }] }));
    expect(error).toMatchObject({ statusCode: 400, param: 'items[0][quantity]' });
  });
});

describe('a meter', () => {
  it.each([
    ['sum', 12],
    ['count', 3],
    ['last', 4],
  ] as const)('counts by %s', async (formula, total) => {
    const stripe = stripeAt(sandbox.url);
    const { customer } = await customerOnClock(stripe);
    const { meter, use } = await callsMeter(stripe, formula);
    for (const value of [5, 3, 4]) await use(customer, value);
    const window = { customer, start_time: newYear, end_time: newYear + day };
    const { data } = await stripe.billing.meters.listEventSummaries(meter.id, window);
    expect(data).toMatchObject([{ aggregated_value: total, meter: meter.id }]);
  });

  it('sums up by day', async () => {
    const stripe = stripeAt(sandbox.url);
    const { clock, customer } = await customerOnClock(stripe);
    const { meter, use } = await callsMeter(stripe);
    await use(customer, 1);
    await advance(stripe, clock, newYear + day);
    await use(customer, 2);
    await use(customer, 3);
    const window = {
      customer,
      start_time: newYear,
      end_time: newYear + 3 * day,
      value_grouping_window: 'day' as const,
    };
    const { data } = await stripe.billing.meters.listEventSummaries(meter.id, window);
    expect(data.map(({ start_time, aggregated_value }) => [start_time, aggregated_value])).toEqual([
      [newYear + day, 5],
      [newYear, 1],
    ]);
    const odd = stripe.billing.meters.listEventSummaries(meter.id, { ...window, start_time: newYear + 1 });
    expect((await refusal(odd as never)).param).toBe('start_time');
  });

  it('counts an identifier once, and takes one back', async () => {
    const stripe = stripeAt(sandbox.url);
    const { customer } = await customerOnClock(stripe);
    const { meter, use } = await callsMeter(stripe);
    const event = await use(customer, 5, { identifier: 'a' });
    expect(event).toMatchObject({ object: 'billing.meter_event', identifier: 'a', timestamp: newYear });
    expect((await refusal(use(customer, 5, { identifier: 'a' }))).param).toBe('identifier');
    await use(customer, 2, { identifier: 'b' });
    const cancel = (identifier: string) =>
      stripe.billing.meterEventAdjustments.create({ event_name: 'calls', type: 'cancel', cancel: { identifier } });
    expect(await cancel('a')).toMatchObject({ status: 'complete', cancel: { identifier: 'a' } });
    expect((await refusal(cancel('c'))).statusCode).toBe(400);
    const window = { customer, start_time: newYear, end_time: newYear + day };
    expect((await stripe.billing.meters.listEventSummaries(meter.id, window)).data).toMatchObject([
      { aggregated_value: 2 },
    ]);
  });

  it('is renamed, deactivated, refuses events then, and is reactivated', async () => {
    const stripe = stripeAt(sandbox.url);
    const { customer } = await customerOnClock(stripe);
    const { meter, use } = await callsMeter(stripe);
    expect((await stripe.billing.meters.update(meter.id, { display_name: 'API calls' })).display_name).toBe(
      'API calls',
    );
    expect((await refusal(callsMeter(stripe))).param).toBe('event_name');
    expect(await stripe.billing.meters.deactivate(meter.id)).toMatchObject({ status: 'inactive' });
    expect((await refusal(use(customer, 1))).code).toBe('archived_meter');
    expect((await refusal(stripe.billing.meters.deactivate(meter.id))).statusCode).toBe(400);
    expect((await stripe.billing.meters.list({ status: 'active' })).data).toEqual([]);
    expect(await stripe.billing.meters.reactivate(meter.id)).toMatchObject({ status: 'active' });
    const types = (await history(stripe)).map(({ type }) => type).filter((type) => type.startsWith('billing.meter'));
    expect(types.toSorted()).toEqual(
      ['created', 'deactivated', 'reactivated', 'updated'].map((word) => `billing.meter.${word}`),
    );
  });

  it.each<[string, Partial<Stripe.Billing.MeterEventCreateParams>, string]>([
    ['an unknown name', { event_name: 'none' }, 'event_name'],
    ['no customer', { payload: { value: '1' } }, 'payload[stripe_customer_id]'],
    ['no value', { payload: { stripe_customer_id: 'cus_1' } }, 'payload[value]'],
    ['a word for a value', { payload: { stripe_customer_id: 'cus_1', value: 'many' } }, 'payload[value]'],
    ['a time long gone', { timestamp: newYear - 36 * day }, 'timestamp'],
    ['a time to come', { timestamp: newYear + 3_600 }, 'timestamp'],
  ])('refuses an event of %s', async (_what, event, param) => {
    const stripe = stripeAt(sandbox.url);
    const { customer } = await customerOnClock(stripe);
    const { use } = await callsMeter(stripe);
    expect(await refusal(use(customer, 1, event))).toMatchObject({ statusCode: 400, param });
  });

  it('says by a thin event that it knows no such customer', async () => {
    const stripe = stripeAt(sandbox.url);
    const receiver = await startReceiver();
    const destination = await stripe.v2.core.eventDestinations.create({
      name: 'Meter errors',
      type: 'webhook_endpoint',
      event_payload: 'thin',
      enabled_events: ['v1.billing.meter.error_report_triggered'],
      webhook_endpoint: { url: receiver.url },
      include: ['webhook_endpoint.signing_secret'],
    });
    const { meter, use } = await callsMeter(stripe);
    await use('cus_unknown', 1);
    await sandbox.idle();
    const [received] = receiver.received;
    const secret = destination.webhook_endpoint!.signing_secret!;
    const event = stripe.parseEventNotification(
      received!.body,
      received!.headers['stripe-signature'] as string,
      secret,
    );
    expect(event).toMatchObject({
      type: 'v1.billing.meter.error_report_triggered',
      related_object: { id: meter.id, type: 'billing.meter' },
    });
  });
});

describe('entitlements', () => {
  it('follow what a customer subscribes to', async () => {
    const stripe = stripeAt(sandbox.url);
    const { id: customer } = await stripe.customers.create();
    await giveCard(stripe, customer);
    const feature = await stripe.entitlements.features.create({ name: 'Export', lookup_key: 'export' });
    expect((await refusal(stripe.entitlements.features.create({ name: 'x', lookup_key: 'export' }))).param).toBe(
      'lookup_key',
    );
    const product = await stripe.products.create({
      name: 'Pro',
      default_price_data: { currency: 'usd', unit_amount: 5, recurring: { interval: 'month' } },
    });
    const link = await stripe.products.createFeature(product.id, { entitlement_feature: feature.id });
    expect((await stripe.products.listFeatures(product.id)).data).toMatchObject([{ id: link.id }]);
    const active = async () => (await stripe.entitlements.activeEntitlements.list({ customer })).data;
    expect(await active()).toEqual([]);
    const { id } = await subscribe(stripe, customer, { items: [{ price: product.default_price as string }] });
    expect(await active()).toMatchObject([{ feature: feature.id, lookup_key: 'export' }]);
    await stripe.products.deleteFeature(product.id, link.id);
    expect(await active()).toEqual([]);
    await stripe.products.createFeature(product.id, { entitlement_feature: feature.id });
    await stripe.subscriptions.cancel(id);
    expect(await active()).toEqual([]);
    const summaries = (await history(stripe)).filter(
      ({ type }) => type === 'entitlements.active_entitlement_summary.updated',
    );
    const counts = summaries.map(
      ({ data }) => (data.object as Stripe.Entitlements.ActiveEntitlementSummary).entitlements.data.length,
    );
    expect(counts).toEqual([1, 0, 1, 0]);
    expect((await stripe.entitlements.features.update(feature.id, { active: false })).active).toBe(false);
    expect((await stripe.entitlements.features.list()).data).toEqual([]);
    expect((await stripe.entitlements.features.list({ archived: true })).data).toHaveLength(1);
  });
});
