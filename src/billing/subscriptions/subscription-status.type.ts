import { enumOf } from '../../graphql/enum-of.ts';
import type { SubscriptionStatus } from './subscription-status.ts';

const descriptions: Record<SubscriptionStatus, string> = {
  INCOMPLETE:
    'The first payment failed or waits for the customer. It ends in ACTIVE, or in INCOMPLETE_EXPIRED after 23 hours.',
  INCOMPLETE_EXPIRED: 'The first payment never came. Final.',
  TRIALING: 'In a trial: full access, nothing to pay yet.',
  ACTIVE: 'In good standing.',
  PAST_DUE: 'The latest payment failed, and Stripe is still retrying.',
  CANCELED: 'Ended. Final.',
  UNPAID: 'Every retry failed: invoices are still made, and nothing is collected.',
  PAUSED: 'The trial ended without a payment method: nothing is billed until it is resumed.',
  UNKNOWN: "Stripe's status is newer than this server: read `stripeStatus`.",
};

export const SubscriptionStatusEnum = enumOf(
  'SubscriptionStatus',
  'Where a subscription stands, as Stripe sees it.',
  descriptions,
);
