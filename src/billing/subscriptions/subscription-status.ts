import type Stripe from 'stripe';

export const subscriptionStatuses = [
  'INCOMPLETE',
  'INCOMPLETE_EXPIRED',
  'TRIALING',
  'ACTIVE',
  'PAST_DUE',
  'CANCELED',
  'UNPAID',
  'PAUSED',
  'UNKNOWN',
] as const;
export type SubscriptionStatus = (typeof subscriptionStatuses)[number];

/** PAST_DUE too: Stripe is still retrying the payment. */
export const statusesWithAccess: readonly SubscriptionStatus[] = ['TRIALING', 'ACTIVE', 'PAST_DUE'];

/** A status that Stripe adds is a compile error here when the SDK is upgraded. */
const known: Record<Stripe.Subscription.Status, SubscriptionStatus> = {
  incomplete: 'INCOMPLETE',
  incomplete_expired: 'INCOMPLETE_EXPIRED',
  trialing: 'TRIALING',
  active: 'ACTIVE',
  past_due: 'PAST_DUE',
  canceled: 'CANCELED',
  unpaid: 'UNPAID',
  paused: 'PAUSED',
};

/** Our status for Stripe's word; `UNKNOWN` for one that this server is too old to know. */
export function subscriptionStatusOf(stripeStatus: string): SubscriptionStatus {
  return known[stripeStatus as Stripe.Subscription.Status] ?? 'UNKNOWN';
}
