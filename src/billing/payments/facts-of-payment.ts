import type Stripe from 'stripe';
import type { NewBillingEvent } from '../../ingestion/billing-events/record-billing-events.ts';
import type { Written } from '../../ingestion/mirror/sync-rows.ts';
import { factOf, moneyOf } from './fact-of.ts';

export type PaymentBefore = {
  status: string;
  stripe_invoice_id: string | null;
  invoice_id: string | null;
  last_error_attempt: string | null;
};

/**
 * It succeeded, once; and an attempt without a charge failed, each once, as far as somebody looked before the next. One with a
 * charge is told by that (factsOfCharge), so that none is lost.
 */
export function factsOfPayment({
  object,
  before,
  row,
}: Written<Stripe.PaymentIntent, PaymentBefore>): NewBillingEvent[] {
  const facts: NewBillingEvent[] = [];
  const old = before ? { status: before.status } : null;
  if (row.status === 'SUCCEEDED' && before?.status !== 'SUCCEEDED')
    facts.push(
      factOf(row, 'payment.succeeded', {
        before: old,
        after: { status: row.status, amountReceived: moneyOf(object.amount_received, object.currency) },
      }),
    );
  const attempt = row.last_error_attempt as string | null;
  if (attempt !== null && attempt !== before?.last_error_attempt && !object.last_payment_error?.charge)
    facts.push(
      factOf(row, 'payment.failed', {
        occurrence: attempt,
        before: old,
        after: {
          status: row.status,
          amount: moneyOf(object.amount, object.currency),
          lastError: {
            code: row.last_error_code,
            declineCode: row.last_error_decline_code,
            message: row.last_error_message,
          },
        },
      }),
    );
  return facts;
}
