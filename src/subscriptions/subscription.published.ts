import { publish } from '../reader/publish.ts';
import { Subscription } from './subscription.entity.ts';
import { SubscriptionType } from './subscription.type.ts';
import type { SubscriptionStatus } from './subscription-status.ts';

/** PAST_DUE too: Stripe is still retrying the payment. */
export const statusesWithAccess: readonly SubscriptionStatus[] = ['TRIALING', 'ACTIVE', 'PAST_DUE'];

export const publishedSubscription = publish(SubscriptionType, Subscription, (from) => ({
  hasAccess: from.columns(['status'], ({ status }) => statusesWithAccess.includes(status)),
}));
