import { aLine, anInvoice, linesOf } from '../webhooks/stripe-objects.ts';
import type { Random } from './random.ts';
import type { StripeObject } from './stripe-in-motion.ts';

/** An object as it is now, and what is told of it. */
export type Step = {
  object: StripeObject;
  /** What happened, in the last word of the event's type; null where no event tells it. */
  what: string | null;
  /** What the event carries instead of the object. */
  told?: StripeObject;
};

export type Common = { at: number; metadata: Record<string, string> };

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
