import type Stripe from 'stripe';
import { instantOf } from '../../ingestion/mirror/seen.ts';

export const refundReasons = ['DUPLICATE', 'FRAUDULENT', 'REQUESTED_BY_CUSTOMER'] as const;
export type RefundReason = (typeof refundReasons)[number];

export const refundStatuses = ['PENDING', 'REQUIRES_ACTION', 'SUCCEEDED', 'FAILED', 'CANCELED', 'UNKNOWN'] as const;
export type RefundStatus = (typeof refundStatuses)[number];

/** Money of a payment on its way back, as Stripe answered when it was asked for. What became of it since is told by the charge. */
export type Refund = {
  stripeRefundId: string;
  status: RefundStatus;
  stripeStatus: string;
  amount: { amount: bigint; currency: string };
  reason: RefundReason | null;
  createdAt: Date;
};

export function readRefund({ id, status, amount, currency, reason, created }: Stripe.Refund): Refund {
  const stripeStatus = status ?? 'unknown';
  const [known, why] = [stripeStatus.toUpperCase(), (reason ?? '').toUpperCase()];
  return {
    stripeRefundId: id,
    status: refundStatuses.find((one) => one === known) ?? 'UNKNOWN',
    stripeStatus,
    amount: { amount: BigInt(amount), currency: currency.toUpperCase() },
    reason: refundReasons.find((one) => one === why) ?? null,
    createdAt: instantOf(created),
  };
}
