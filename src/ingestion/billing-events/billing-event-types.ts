/** What can happen to a project's billing, in Stripe's words where the fact is Stripe's. */
export const billingEventTypes = [
  'subscription.created',
  'subscription.updated',
  'subscription.ended',
  'invoice.finalized',
  'invoice.paid',
  'invoice.payment_failed',
  'invoice.voided',
  'invoice.marked_uncollectible',
  'payment.succeeded',
  'payment.failed',
  'payment.refunded',
  'payment.refund_failed',
  'dispute.created',
  'dispute.closed',
] as const;
export type BillingEventType = (typeof billingEventTypes)[number];
