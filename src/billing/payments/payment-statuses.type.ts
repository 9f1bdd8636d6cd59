import { enumOf } from '../../graphql/enum-of.ts';
import type { ChargeStatus, DisputeStatus, PaymentStatus } from './payment-statuses.ts';

const ofPayments: Record<PaymentStatus, string> = {
  REQUIRES_PAYMENT_METHOD: 'Waits for a payment method: it is new, or the attempt with the last one failed.',
  REQUIRES_CONFIRMATION: 'Waits to be confirmed.',
  REQUIRES_ACTION: 'The payer has to do something more, such as 3-D Secure.',
  PROCESSING: 'Under way, which takes days with a bank debit.',
  REQUIRES_CAPTURE: 'Authorized, and not taken yet.',
  CANCELED: 'Given up. Final.',
  SUCCEEDED: 'The money was taken. What was given back since is in `amountRefunded`.',
  UNKNOWN: "Stripe's status is newer than this server: read `stripeStatus`.",
};

const ofCharges: Record<ChargeStatus, string> = {
  PENDING: 'Under way.',
  SUCCEEDED: 'The money was taken, or is authorized where `captured` is false.',
  FAILED: 'Declined: `failureCode` says why.',
  UNKNOWN: "Stripe's status is newer than this server: read `stripeStatus`.",
};

const ofDisputes: Record<DisputeStatus, string> = {
  NEEDS_RESPONSE: 'The money is withdrawn, and evidence is asked for.',
  UNDER_REVIEW: "The payer's bank looks at the evidence.",
  WARNING_NEEDS_RESPONSE: 'An inquiry: no money is withdrawn yet, and evidence is asked for.',
  WARNING_UNDER_REVIEW: "An inquiry: the payer's bank looks at the evidence.",
  WARNING_CLOSED: 'An inquiry that came to nothing.',
  PREVENTED: 'Settled before it became a dispute.',
  LOST: 'The payer keeps the money.',
  WON: 'The money came back.',
  APPEAL_NEEDS_RESPONSE: 'Appealed against: evidence is asked for again.',
  APPEAL_UNDER_REVIEW: 'Appealed against: the appeal is looked at.',
  UNKNOWN: "Stripe's status is newer than this server: read `stripeStatus`.",
};

export const PaymentStatusEnum = enumOf('PaymentStatus', 'Where a payment stands, as Stripe sees it.', ofPayments);
export const ChargeStatusEnum = enumOf('ChargeStatus', 'What became of an attempt to take money.', ofCharges);
export const DisputeStatusEnum = enumOf('DisputeStatus', 'Where a dispute stands, as Stripe sees it.', ofDisputes);
