import type Stripe from 'stripe';
import { checkCharge, checkMetadata } from '../../check-input.ts';
import { conflict } from '../../errors.ts';
import { recordAnswer } from '../../ingestion/mirror/record-answer.ts';
import type { Tenant } from '../../tenant.ts';
import { Charge } from '../payments/charge.entity.ts';
import { syncCharges } from '../payments/sync-charges.ts';
import { findPayment } from './find-payment.ts';
import type { PaymentTools } from './payment-tools.ts';
import { type Refund, type RefundReason, readRefund } from './refund.ts';

export type RefundInput = {
  paymentId: string;
  /** In minor units; all that is left of the payment where it is left out. */
  amount?: bigint | null;
  reason?: RefundReason | null;
  metadata?: Record<string, unknown> | null;
};

/**
 * Gives a payment back, all of it or a part, to where it came from. How much is left is Stripe's to say, since somebody may
 * refund in its dashboard as well. The charge's row knows of it when this answers.
 * @throws Refusal BAD_USER_INPUT, also for more than is left; NOT_FOUND; CONFLICT where nothing was taken, nothing is left, or the
 * payer disputes it; STRIPE_ERROR.
 */
export async function refundPayment(
  { stripe, operation, log }: PaymentTools,
  tenant: Tenant,
  { paymentId, amount, reason, metadata }: RefundInput,
): Promise<Refund> {
  const notes = checkMetadata(metadata ?? {}, 'metadata');
  return operation.askStripe({
    async prepare(em) {
      const { id, status, currency, stripePaymentIntentId } = await findPayment({ em }, tenant, paymentId);
      if (status === 'CANCELED')
        throw conflict('This payment was given up: there is nothing to give back.', 'paymentId');
      const parameters: Stripe.RefundCreateParams = {
        payment_intent: stripePaymentIntentId,
        ...(amount == null ? {} : { amount: checkCharge({ amount, currency }, 'amount') }),
        ...(reason ? { reason: inStripe[reason] } : {}),
        metadata: notes,
        expand: ['charge'],
      };
      const charge = await em.findOne(Charge, { payment: id, status: 'SUCCEEDED' }, { orderBy: { createdAt: 'desc' } });
      return { parameters, basis: charge?.evidence ?? 0 };
    },
    send: ({ parameters }, options) => stripe.refunds.create(parameters, options),
    fields: { payment_intent: 'paymentId' },
    async record(em, { basis }, refund, note) {
      // Stripe answers the charge as it is with the refund.
      const object = { ...(refund.charge as Stripe.Charge), lastResponse: refund.lastResponse };
      const answered = { type: 'charge', id: object.id, object, basis };
      await recordAnswer({ em, log, operation, sync: syncCharges }, tenant, answered);
      const made = readRefund(refund);
      const { stripeRefundId, reason } = made;
      const after = { stripeRefundId, amount: String(refund.amount), currency: made.amount.currency, reason };
      note({ subjectType: 'Payment', subjectId: paymentId, after });
      return made;
    },
  });
}

const inStripe = {
  DUPLICATE: 'duplicate',
  FRAUDULENT: 'fraudulent',
  REQUESTED_BY_CUSTOMER: 'requested_by_customer',
} as const;
