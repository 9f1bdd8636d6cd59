import type { MirroredDiscount } from '../../billing/discounts/discount.ts';
import type { SubscriptionStatus } from '../../billing/subscriptions/subscription-status.ts';
import type { Facts } from '../../ingestion/billing-events/facts.ts';
import type { BilledPrice, BilledSubscription } from './billed-subscription.ts';

/** What the facts of a subscription say of its revenue. Instants are ISO 8601, in UTC; prices are our ids. */
export type RevenueFacts = Facts & {
  status: SubscriptionStatus;
  currency: string | null;
  pauseBehavior: string | null;
  currentPeriodStart: string | null;
  trialStart: string | null;
  trialEnd: string | null;
  canceledAt: string | null;
  endedAt: string | null;
  discounts: MirroredDiscount[];
  items: {
    stripeSubscriptionItemId: string;
    price: string;
    quantity: number | null;
    discounts: MirroredDiscount[];
  }[];
};

/** @param prices by our ids: all that the items name. */
export function billedSubscription(
  { status, currency, pauseBehavior, discounts, items }: RevenueFacts,
  prices: ReadonlyMap<string, BilledPrice>,
  customerDiscount: MirroredDiscount | null,
): BilledSubscription {
  const billed = items.map(({ price, quantity, discounts }) => ({ price: prices.get(price)!, quantity, discounts }));
  return {
    status,
    isPaused: pauseBehavior !== null,
    currency: currency ?? billed[0]?.price.currency ?? 'USD',
    items: billed,
    discounts,
    customerDiscount,
  };
}
