import { aLine, anInvoice, linesOf } from '../webhooks/stripe-objects.ts';
import type { Random } from './random.ts';
import type { StripeObject } from './stripe-in-motion.ts';

/** What happened, in the last word of the event's type, and the object afterwards. */
export type Step = { what: string; object: StripeObject };

type Common = { at: number; metadata: Record<string, string> };

const after = (before: StripeObject, fields: object) => ({ ...before, ...fields });

/** An invoice is finalized, fails to be collected a few times, and is paid, voided or given up. */
export function nextOfInvoice(
  random: Random,
  id: string,
  before: StripeObject | undefined,
  { at, metadata, subscription, price }: Common & { subscription: StripeObject; price: string },
): Step {
  if (!before) {
    const amount = 100 * (1 + random.below(500));
    const pricing = { price_details: { price, product: 'prod_0' }, type: 'price_details', unit_amount_decimal: '1500' };
    const fields = {
      livemode: true,
      customer: subscription.customer,
      parent: { type: 'subscription_details', subscription_details: { subscription: subscription.id, metadata: {} } },
      status: 'draft',
      number: null,
      ...amountsOf(amount, 0),
      status_transitions: { finalized_at: null, paid_at: null, voided_at: null, marked_uncollectible_at: null },
      lines: linesOf(aLine(`il_${id}`, { amount, pricing, period: { start: at, end: at + 1_000 } })),
      metadata,
    };
    return { what: 'created', object: anInvoice(id, fields) };
  }
  const become = (what: string, status: string, transition: string, fields: object = {}) => ({
    what,
    object: after(before, {
      status,
      status_transitions: { ...before.status_transitions, [transition]: at },
      metadata,
      ...fields,
    }),
  });
  if (before.status === 'draft') return become('finalized', 'open', 'finalized_at', { number: `N-${id}` });
  if (before.status !== 'open') return { what: 'updated', object: after(before, { metadata }) };
  const attempt_count = before.attempt_count + 1;
  const dice = random.next();
  if (dice < 0.4)
    return {
      what: 'payment_failed',
      object: after(before, { attempt_count, next_payment_attempt: at + 9_000, metadata }),
    };
  if (dice < 0.8) return become('paid', 'paid', 'paid_at', { ...amountsOf(before.total, before.total), attempt_count });
  if (dice < 0.9) return become('voided', 'void', 'voided_at');
  return become('marked_uncollectible', 'uncollectible', 'marked_uncollectible_at');
}

const amountsOf = (total: number, paid: number) => ({
  subtotal: total,
  total,
  amount_due: total,
  amount_paid: paid,
  amount_remaining: total - paid,
});

/** A payment fails a few times, each with a charge of its own, and succeeds. */
export function nextOfPayment(
  random: Random,
  id: string,
  before: StripeObject | undefined,
  { at, metadata, customer }: Common & { customer: string },
): Step {
  if (before?.status === 'succeeded') return { what: 'updated', object: after(before, { metadata }) };
  const amount = before?.amount ?? 100 * (1 + random.below(500));
  const attempts = (before?.attempts ?? 0) + 1;
  const charge = `ch_${id}_${attempts}`;
  const common = {
    id,
    object: 'payment_intent',
    created: before?.created ?? at,
    amount,
    currency: 'eur',
    customer: before?.customer ?? customer,
    latest_charge: charge,
    payment_method: null,
    canceled_at: null,
    cancellation_reason: null,
    livemode: true,
    attempts,
    metadata,
  };
  if (random.chance(0.5)) {
    const last_payment_error = { type: 'card_error', code: 'card_declined', message: 'Declined.', charge };
    const fields = { status: 'requires_payment_method', amount_received: 0, last_payment_error };
    return { what: 'payment_failed', object: { ...common, ...fields } };
  }
  const fields = { status: 'succeeded', amount_received: amount, last_payment_error: null };
  return { what: 'succeeded', object: { ...common, ...fields } };
}
