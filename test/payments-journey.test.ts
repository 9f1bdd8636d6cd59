import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { routingMetadata } from '../src/tenant.ts';
import { reconcile, rowsOf } from './reconciliation/reconciliation.rig.ts';
import { type Billgraph, createTenant, startBillgraph, type TestTenant } from './rig/billgraph.ts';
import { createPrice } from './rig/checkout.ts';
import { advance } from './sandbox/clock.rig.ts';

let billgraph: Billgraph;
let tenant: TestTenant;
beforeAll(async () => {
  billgraph = await startBillgraph();
  tenant = await createTenant(billgraph);
});
afterAll(() => billgraph.close());

/** A customer of the project, who pays with a test card. */
async function customerWith(method: string, of: { test_clock?: string } = {}) {
  const { stripe } = tenant;
  const { id } = await stripe.customers.create({ ...of, metadata: routingMetadata(tenant) });
  const card = await stripe.paymentMethods.attach(method, { customer: id });
  return { customer: id, payment_method: card.id };
}

const pay = (who: Awaited<ReturnType<typeof customerWith>>) =>
  tenant.stripe.paymentIntents.create({ ...who, amount: 2_000, currency: 'usd', confirm: true });

const paymentOf = async (id: string) =>
  (
    await rowsOf(
      billgraph,
      `select p.status, p.amount_received, c.amount_refunded, c.disputed, c.payment_method_brand as brand,
         c.payment_method_last4 as last4, c.id as charge, p.id
       from payment p join charge c on c.payment_id = p.id and c.stripe_charge_id = p.stripe_latest_charge_id
       where stripe_payment_intent_id = $1`,
      [id],
    )
  )[0];

const factsOf = async (...subjects: string[]) =>
  (await rowsOf(billgraph, 'select type from billing_event where subject_id = any($1) order by id', [subjects])).map(
    ({ type }) => type,
  );

it('a refund: the charge shows it, and each is told once', async () => {
  const intent = await pay(await customerWith('pm_card_visa'));
  await billgraph.settled();
  const payment = await paymentOf(intent.id);
  expect(payment).toMatchObject({
    status: 'SUCCEEDED',
    amount_received: '2000',
    amount_refunded: '0',
    brand: 'visa',
    last4: '4242',
  });
  await tenant.stripe.refunds.create({ payment_intent: intent.id, amount: 500 });
  await billgraph.settled();
  await tenant.stripe.refunds.create({ payment_intent: intent.id });
  await billgraph.settled();
  expect(await paymentOf(intent.id)).toMatchObject({ status: 'SUCCEEDED', amount_refunded: '2000' });
  expect(await factsOf(payment.id, payment.charge)).toEqual([
    'payment.succeeded',
    'payment.refunded',
    'payment.refunded',
  ]);
});

it('a refund that fails: the charge is as it was, and both is told', async () => {
  const { stripe } = tenant;
  const now = Math.floor(Date.now() / 1_000);
  // It fails a second later: by a clock that stands, it is seen before.
  const clock = await stripe.testHelpers.testClocks.create({ frozen_time: now });
  const intent = await pay(await customerWith('pm_card_refundFail', { test_clock: clock.id }));
  await stripe.refunds.create({ payment_intent: intent.id });
  await billgraph.settled();
  const { charge, amount_refunded } = await paymentOf(intent.id);
  expect(amount_refunded).toBe('2000');
  await advance(stripe, clock.id, now + 10);
  await billgraph.settled();
  expect((await paymentOf(intent.id)).amount_refunded).toBe('0');
  expect(await factsOf(charge)).toEqual(['payment.refunded', 'payment.refund_failed']);
});

it('a declined card, and then another one', async () => {
  const who = await customerWith('pm_card_visa');
  const { stripe } = tenant;
  const intent = await stripe.paymentIntents.create({ customer: who.customer, amount: 2_000, currency: 'usd' });
  const declined = { payment_method: 'pm_card_visa_chargeDeclinedInsufficientFunds' };
  await expect(stripe.paymentIntents.confirm(intent.id, declined)).rejects.toThrow('insufficient funds');
  await billgraph.settled();
  await stripe.paymentIntents.confirm(intent.id, { payment_method: who.payment_method });
  await billgraph.settled();
  const { id } = await paymentOf(intent.id);
  expect(await factsOf(id)).toEqual(['payment.failed', 'payment.succeeded']);
});

it('a dispute: it is told when it begins, and when it is won', async () => {
  const { stripe } = tenant;
  const intent = await pay(await customerWith('pm_card_createDispute'));
  await billgraph.settled();
  const disputeOf = async () =>
    (
      await rowsOf(
        billgraph,
        `select d.* from dispute d join charge c on c.id = d.charge_id join payment p on p.id = c.payment_id
         where stripe_payment_intent_id = $1`,
        [intent.id],
      )
    )[0];
  const dispute = await disputeOf();
  expect(dispute).toMatchObject({ status: 'NEEDS_RESPONSE', amount: '2000', reason: 'fraudulent' });
  expect(await paymentOf(intent.id)).toMatchObject({ disputed: true });
  await stripe.disputes.update(dispute.stripe_dispute_id, { evidence: { uncategorized_text: 'winning_evidence' } });
  await billgraph.settled();
  expect(await disputeOf()).toMatchObject({ status: 'WON' });
  expect(await factsOf(dispute.id)).toEqual(['dispute.created', 'dispute.closed']);
});

it('a setup: the card is the customer’s, until it is detached', async () => {
  const { stripe } = tenant;
  const { id: customer } = await stripe.customers.create({ metadata: routingMetadata(tenant) });
  const setup = await stripe.setupIntents.create({ customer, payment_method: 'pm_card_mastercard', confirm: true });
  await stripe.customers.update(customer, {
    invoice_settings: { default_payment_method: setup.payment_method as string },
  });
  await billgraph.settled();
  const methods = () =>
    rowsOf(
      billgraph,
      `select brand, stripe_payment_method_id = stripe_default_payment_method_id as is_default
       from payment_method m join customer c on c.id = m.customer_id where stripe_customer_id = $1`,
      [customer],
    );
  expect(await methods()).toEqual([{ brand: 'mastercard', is_default: true }]);
  expect(
    await rowsOf(billgraph, 'select stripe_status from setup_intent where stripe_setup_intent_id = $1', [setup.id]),
  ).toEqual([{ stripe_status: 'succeeded' }]);
  await stripe.paymentMethods.detach(setup.payment_method as string);
  await billgraph.settled();
  expect(await methods()).toEqual([]);
});

it('entitlements: what the subscription brings, and what its end takes', async () => {
  const { stripe } = tenant;
  const lookup_key = `export_${crypto.randomUUID()}`;
  const feature = await stripe.entitlements.features.create({ name: 'Export', lookup_key });
  const price = await createPrice(tenant);
  await stripe.products.createFeature(price.product as string, { entitlement_feature: feature.id });
  const { customer, payment_method } = await customerWith('pm_card_visa');
  const subscription = await stripe.subscriptions.create({
    customer,
    items: [{ price: price.id }],
    default_payment_method: payment_method,
  });
  await billgraph.settled();
  const features = () =>
    rowsOf(
      billgraph,
      `select lookup_key, stripe_feature_id from active_entitlement e join customer c on c.id = e.customer_id
       where stripe_customer_id = $1`,
      [customer],
    );
  expect(await features()).toEqual([{ lookup_key, stripe_feature_id: feature.id }]);
  await stripe.subscriptions.cancel(subscription.id);
  await billgraph.settled();
  expect(await features()).toEqual([]);
});

describe('a meter error', () => {
  it('arrives at the destination that the server made, is fetched and kept, for the connection', async () => {
    const { stripe } = tenant;
    const event_name = `calls_${crypto.randomUUID()}`;
    const meter = await stripe.billing.meters.create({
      display_name: 'Calls',
      event_name,
      default_aggregation: { formula: 'sum' },
    });
    const identifier = crypto.randomUUID();
    const payload = { stripe_customer_id: 'cus_nobody', value: '1' };
    await stripe.billing.meterEvents.create({ event_name, payload, identifier });
    await billgraph.settled();
    const reports = await rowsOf(billgraph, 'select * from meter_error_report where stripe_meter_id = $1', [meter.id]);
    expect(reports).toMatchObject([
      {
        connection_id: tenant.connectionId,
        error_count: '1',
        reasons: [
          {
            code: 'meter_event_customer_not_found',
            errorCount: 1,
            samples: [{ message: "No such customer: 'cus_nobody'", identifier }],
          },
        ],
      },
    ]);
  });
});

it('what Stripe never delivered is found by the walk of events', async () => {
  const { stripe } = tenant;
  const who = await customerWith('pm_card_visa');
  await billgraph.settled();
  const [endpoint] = (await stripe.webhookEndpoints.list()).data;
  await stripe.webhookEndpoints.update(endpoint!.id, { disabled: true });
  const intent = await pay(who);
  await stripe.refunds.create({ payment_intent: intent.id, amount: 300 });
  await billgraph.settled();
  expect(await paymentOf(intent.id)).toBeUndefined();
  await reconcile(billgraph, tenant);
  expect(await paymentOf(intent.id)).toMatchObject({ status: 'SUCCEEDED', amount_refunded: '300' });
});
