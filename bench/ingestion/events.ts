import Stripe from 'stripe';
import { aPayment } from '../../test/webhooks/payment-objects.ts';
import {
  aLine,
  anInvoice,
  anItem,
  aPrice,
  aSubscription,
  itemsOf,
  linesOf,
} from '../../test/webhooks/stripe-objects.ts';
import { customers, prices, secret } from './database.ts';

/** A delivery, signed and ready to be sent. */
export type Delivery = { body: string; signature: string };

const begin = Math.floor(Date.now() / 1000) - 10_000_000;
let second = begin;
let events = 0;

/** What Stripe would answer, by the objects' ids, and since which of its seconds. */
export const objects = new Map<string, { object: object; since: number }>();

/** What events speak of: how the ids of such objects begin, and the type of their events. */
export const kinds = {
  subscription: { prefix: 'sub', type: 'customer.subscription.updated', make: aBusySubscription },
  invoice: { prefix: 'in', type: 'invoice.paid', make: aLongInvoice },
  payment: { prefix: 'pi', type: 'payment_intent.succeeded', make: aBusyPayment },
};
export type Kind = keyof typeof kinds;

/**
 * Deliveries of objects that change again and again; a subscription's is of about 3.5 kB. Events of one object are seconds apart, as
 * they mostly are, and all the others of its round come between two of them.
 * @param name of the objects: rounds with the same name change the same objects.
 */
export function makeDeliveries({
  name,
  many,
  each,
  kind = 'subscription',
}: {
  name: string;
  many: number;
  each: number;
  kind?: Kind;
}): Delivery[] {
  const { prefix, type, make } = kinds[kind];
  const deliveries: Delivery[] = [];
  for (let turn = 0; turn < each; turn++) {
    second += 2;
    for (let n = 0; n < many; n++) {
      const object = make(`${prefix}_${name}_${n}`, n);
      objects.set(object.id, { object, since: second });
      deliveries.push(sign(anEvent(type, object)));
    }
  }
  return deliveries;
}

function sign(event: object): Delivery {
  const body = JSON.stringify(event);
  return { body, signature: Stripe.webhooks.generateTestHeaderString({ payload: body, secret }) };
}

const anEvent = (type: string, object: object) => ({
  id: `evt_bench_${events++}`,
  object: 'event',
  type,
  created: second,
  api_version: Stripe.API_VERSION,
  livemode: false,
  pending_webhooks: 1,
  request: { id: 'req_bench', idempotency_key: 'b1a8b9f2-5a38-4c84-8d8c-0a3f2d0f7c11' },
  data: { object, previous_attributes: { status: 'trialing' } },
});

/** With what Stripe sends and nobody here reads, so that it is as long as a real one. */
function aBusySubscription(id: string, n: number) {
  const price = `price_${n % prices}`;
  const item = anItem(`si_${id}`, price, {
    quantity: 1 + (events % 100),
    price: { ...aPrice(price), billing_scheme: 'per_unit', custom_unit_amount: null, tax_behavior: 'unspecified' },
    plan: { ...aPrice(price), object: 'plan', interval: 'month', interval_count: 1, trial_period_days: null },
    discounts: [],
    billing_thresholds: null,
    subscription: id,
    tax_rates: [],
  });
  return {
    ...aSubscription(id, { customer: `cus_${n % customers}`, items: itemsOf(item), created: begin }),
    application: null,
    application_fee_percent: null,
    automatic_tax: { disabled_reason: null, enabled: false, liability: null },
    billing_cycle_anchor: begin,
    billing_mode: { flexible: { proration_discounts: 'itemized' }, type: 'flexible', updated_at: begin },
    cancellation_details: { comment: null, feedback: null, reason: null },
    collection_method: 'charge_automatically',
    currency: 'usd',
    default_payment_method: 'pm_1QdX2eLkdIwHu7ixAbCdEfGh',
    default_tax_rates: [],
    description: 'A plan with all that a small team needs, billed each month, with a note of some length',
    discounts: [],
    invoice_settings: { account_tax_ids: null, issuer: { type: 'self' } },
    latest_invoice: `in_${id}`,
    metadata: { order: `order ${n}`, source: 'website', campaign: 'spring', note: 'x'.repeat(300) },
    payment_settings: {
      payment_method_options: { card: { network: null, request_three_d_secure: 'automatic' }, us_bank_account: null },
      payment_method_types: ['card', 'link', 'us_bank_account'],
      save_default_payment_method: 'on_subscription',
    },
    start_date: begin,
    trial_settings: { end_behavior: { missing_payment_method: 'create_invoice' } },
  };
}

/** With three lines, of a subscription that has no row. */
function aLongInvoice(id: string, n: number) {
  const lines = [0, 1, 2].map((line) => aLine(`il_${id}_${line}`, { quantity: 1 + (events % 100) }));
  return anInvoice(id, {
    customer: `cus_${n % customers}`,
    parent: null,
    billing_reason: 'manual',
    status: 'paid',
    amount_paid: 1500 + (events % 100),
    status_transitions: { finalized_at: begin, paid_at: begin, voided_at: null, marked_uncollectible_at: null },
    lines: linesOf(...lines),
  });
}

function aBusyPayment(id: string, n: number) {
  return aPayment(id, {
    customer: `cus_${n % customers}`,
    payment_method: null,
    description: `Payment ${events}`,
    amount: 2000 + (events % 100),
  });
}
