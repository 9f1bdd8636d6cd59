import type { Price } from '../../billing/catalog/price.entity.ts';
import type { MirroredDiscount } from '../../billing/discounts/discount.ts';
import type { SubscriptionStatus } from '../../billing/subscriptions/subscription-status.ts';

/** What the revenue of a price depends on. */
export type BilledPrice = Pick<
  Price,
  | 'type'
  | 'currency'
  | 'unitAmountDecimal'
  | 'recurringInterval'
  | 'recurringIntervalCount'
  | 'usageType'
  | 'tiersMode'
  | 'tiers'
  | 'currencyOptions'
  | 'transformQuantity'
> & {
  /** Of the product, in Stripe: discounts name theirs so. */
  stripeProductId: string;
};

export type BilledItem = { price: BilledPrice; quantity: number | null; discounts: MirroredDiscount[] };

/** All that the revenue of a subscription follows from. */
export type BilledSubscription = {
  status: SubscriptionStatus;
  /** Whether its collection is paused. */
  isPaused: boolean;
  /** ISO 4217, upper case. */
  currency: string;
  items: BilledItem[];
  discounts: MirroredDiscount[];
  /** The customer's, which counts where the subscription has none. */
  customerDiscount: MirroredDiscount | null;
};
