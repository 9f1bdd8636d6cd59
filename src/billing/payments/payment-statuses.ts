import type Stripe from 'stripe';

export const paymentStatuses = [
  'REQUIRES_PAYMENT_METHOD',
  'REQUIRES_CONFIRMATION',
  'REQUIRES_ACTION',
  'PROCESSING',
  'REQUIRES_CAPTURE',
  'CANCELED',
  'SUCCEEDED',
  'UNKNOWN',
] as const;
export type PaymentStatus = (typeof paymentStatuses)[number];

export const chargeStatuses = ['PENDING', 'SUCCEEDED', 'FAILED', 'UNKNOWN'] as const;
export type ChargeStatus = (typeof chargeStatuses)[number];

export const disputeStatuses = [
  'NEEDS_RESPONSE',
  'UNDER_REVIEW',
  'WARNING_NEEDS_RESPONSE',
  'WARNING_UNDER_REVIEW',
  'WARNING_CLOSED',
  'PREVENTED',
  'LOST',
  'WON',
  'APPEAL_NEEDS_RESPONSE',
  'APPEAL_UNDER_REVIEW',
  'UNKNOWN',
] as const;
export type DisputeStatus = (typeof disputeStatuses)[number];

/** Decided, until an appeal decides anew. */
export const closedDisputeStatuses: readonly DisputeStatus[] = ['WARNING_CLOSED', 'PREVENTED', 'LOST', 'WON'];

// A status that Stripe adds is a compile error here when the SDK is upgraded.
const payments: Record<Stripe.PaymentIntent.Status, PaymentStatus> = {
  requires_payment_method: 'REQUIRES_PAYMENT_METHOD',
  requires_confirmation: 'REQUIRES_CONFIRMATION',
  requires_action: 'REQUIRES_ACTION',
  processing: 'PROCESSING',
  requires_capture: 'REQUIRES_CAPTURE',
  canceled: 'CANCELED',
  succeeded: 'SUCCEEDED',
};

const charges: Record<Stripe.Charge.Status, ChargeStatus> = {
  pending: 'PENDING',
  succeeded: 'SUCCEEDED',
  failed: 'FAILED',
};

const disputes: Record<Stripe.Dispute.Status, DisputeStatus> = {
  needs_response: 'NEEDS_RESPONSE',
  under_review: 'UNDER_REVIEW',
  warning_needs_response: 'WARNING_NEEDS_RESPONSE',
  warning_under_review: 'WARNING_UNDER_REVIEW',
  warning_closed: 'WARNING_CLOSED',
  prevented: 'PREVENTED',
  lost: 'LOST',
  won: 'WON',
  appeal_needs_response: 'APPEAL_NEEDS_RESPONSE',
  appeal_under_review: 'APPEAL_UNDER_REVIEW',
};

/** `UNKNOWN` stands for a word of Stripe's that this server is too old to know. */
export const paymentStatusOf = (word: string): PaymentStatus =>
  payments[word as Stripe.PaymentIntent.Status] ?? 'UNKNOWN';
export const chargeStatusOf = (word: string): ChargeStatus => charges[word as Stripe.Charge.Status] ?? 'UNKNOWN';
export const disputeStatusOf = (word: string): DisputeStatus => disputes[word as Stripe.Dispute.Status] ?? 'UNKNOWN';
