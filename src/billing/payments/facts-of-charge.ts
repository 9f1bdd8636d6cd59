import type Stripe from 'stripe';
import type { NewBillingEvent } from '../../ingestion/billing-events/record-billing-events.ts';
import type { Written } from '../../ingestion/mirror/sync-rows.ts';
import { factOf, moneyOf } from './fact-of.ts';

export type ChargeBefore = { status: string; amount_refunded: string; refunds_failed: number; disputed: boolean };

/** How often what was refunded of a charge has fallen by now. */
export function refundsFailed(charge: Stripe.Charge, before: ChargeBefore | undefined): number {
  if (!before) return 0;
  return before.refunds_failed + (charge.amount_refunded < Number(before.amount_refunded) ? 1 : 0);
}

/** It failed, once; and more of it was given back than before, or less. */
export function factsOfCharge(written: Written<Stripe.Charge, ChargeBefore>): NewBillingEvent[] {
  return [...failureOf(written), ...refundOf(written)];
}

/**
 * An attempt of the payment failed. The charge tells it, since the payment remembers its last attempt alone; the key is the
 * payment's, by Stripe's id of the charge.
 */
function failureOf({ object, before, row }: Written<Stripe.Charge, ChargeBefore>): NewBillingEvent[] {
  if (row.status !== 'FAILED' || before?.status === 'FAILED') return [];
  const fact = factOf(row, 'payment.failed', {
    occurrence: object.id,
    before: before ? { chargeStatus: before.status } : null,
    after: {
      chargeId: row.id,
      chargeStatus: row.status,
      amount: moneyOf(object.amount, object.currency),
      lastError: {
        code: row.failure_code,
        declineCode: object.outcome?.reason ?? null,
        message: row.failure_message,
      },
    },
  });
  return [{ ...fact, subjectId: (row.payment_id as string | null) ?? row.id }];
}

/**
 * Told by how much is refunded now, so that each refund is told once. What falls is a refund that failed; after that, the same
 * total can come again.
 */
function refundOf({ object, before, row }: Written<Stripe.Charge, ChargeBefore>): NewBillingEvent[] {
  const refunded = object.amount_refunded;
  const refundedBefore = Number(before?.amount_refunded ?? 0);
  if (refunded === refundedBefore) return [];
  const state = (amount: number) => ({ amountRefunded: moneyOf(amount, object.currency) });
  const falls = row.refunds_failed as number;
  const what = {
    before: before ? state(refundedBefore) : null,
    after: { ...state(refunded), refunded: object.refunded, paymentId: row.payment_id },
  };
  if (refunded < refundedBefore) return [factOf(row, 'payment.refund_failed', { ...what, occurrence: falls })];
  return [factOf(row, 'payment.refunded', { ...what, occurrence: falls ? `${refunded}/${falls}` : refunded })];
}
