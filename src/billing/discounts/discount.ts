export const discountDurations = ['FOREVER', 'ONCE', 'REPEATING'] as const;
export type DiscountDuration = (typeof discountDurations)[number];

/** A discount of Stripe's with the terms of its coupon, as a subscription, an item of one, or a customer has it. */
export type MirroredDiscount = {
  /** Stripe's `di_…`. */
  id: string;
  /** Stripe's id of the coupon, which the account chose, and of the promotion code that gave it. */
  couponId: string;
  promotionCodeId: string | null;
  name: string | null;
  /** More than 0 and at most 100, as a decimal in text. */
  percentOff: string | null;
  /** In minor units, by currency (ISO 4217, upper case), the coupon's own first; empty where it takes a share. */
  amountsOff: { currency: string; amount: number }[];
  duration: DiscountDuration;
  /** Stripe's ids of the products that it is for; null for all of them. */
  productIds: string[] | null;
  /** ISO 8601, in UTC. */
  start: string;
  /** When it ends by itself; null where it does not. */
  end: string | null;
};
