import { conflict } from '../../errors.ts';
import { recordAnswer } from '../../ingestion/mirror/record-answer.ts';
import type { Tenant } from '../../tenant.ts';
import { syncPayments } from '../payments/sync-payments.ts';
import { findPayment } from './find-payment.ts';
import type { PaymentTools } from './payment-tools.ts';

export const cancellationReasons = ['ABANDONED', 'DUPLICATE', 'FRAUDULENT', 'REQUESTED_BY_CUSTOMER'] as const;
export type CancellationReason = (typeof cancellationReasons)[number];

/**
 * Gives a payment up that was not made; what was held on the card goes back.
 * @returns the id of the row.
 * @throws Refusal NOT_FOUND; CONFLICT where it was made or given up already, or is under way; STRIPE_ERROR.
 */
export async function cancelPaymentIntent(
  { stripe, operation, log }: PaymentTools,
  tenant: Tenant,
  { paymentId, reason }: { paymentId: string; reason?: CancellationReason | null },
): Promise<string> {
  const parameters = reason ? { cancellation_reason: inStripe[reason] } : {};
  return operation.askStripe({
    async prepare(em) {
      const { status, stripePaymentIntentId, evidence: basis } = await findPayment({ em }, tenant, paymentId);
      if (status === 'SUCCEEDED') throw conflict('This payment was made. Refund it instead.', 'paymentId');
      if (status === 'CANCELED') throw conflict('This payment was given up already.', 'paymentId');
      return { stripePaymentIntentId, basis };
    },
    send: ({ stripePaymentIntentId: id }, options) => stripe.paymentIntents.cancel(id, parameters, options),
    fields: { intent: 'paymentId' },
    async record(em, { basis }, object) {
      const answered = { type: 'payment_intent', id: object.id, object, basis };
      await recordAnswer({ em, log, operation, sync: syncPayments }, tenant, answered);
      return paymentId;
    },
  });
}

const inStripe = {
  ABANDONED: 'abandoned',
  DUPLICATE: 'duplicate',
  FRAUDULENT: 'fraudulent',
  REQUESTED_BY_CUSTOMER: 'requested_by_customer',
} as const;
