import type Stripe from 'stripe';
import type { Wire } from '../objects.ts';

/** Something with an amount that a discount can lower. */
export interface Discountable {
  amount: number;
  product: string | null;
  discountable?: boolean;
}

type Coupon = Pick<Wire<Stripe.Coupon>, 'amount_off' | 'applies_to' | 'currency' | 'currency_options' | 'percent_off'>;

/**
 * What a coupon takes off each item, in minor units. An amount is spread over the items in proportion to what they cost, and is never
 * more than that.
 */
export function discountAmounts(coupon: Coupon, items: readonly Discountable[], currency: string): number[] {
  const products = coupon.applies_to?.products;
  const base = items.map(({ amount, product, discountable = true }) =>
    discountable && (!products || (product !== null && products.includes(product))) ? amount : 0,
  );
  if (coupon.percent_off !== null) return base.map((amount) => Math.round((amount * coupon.percent_off!) / 100));
  const positive = base.map((amount) => Math.max(0, amount));
  const total = positive.reduce((sum, amount) => sum + amount, 0);
  const off = Math.min(total, amountOff(coupon, currency));
  let rest = off;
  let left = total;
  return positive.map((amount) => {
    const share = left > 0 ? Math.round((rest * amount) / left) : 0;
    rest -= share;
    left -= amount;
    return share;
  });
}

function amountOff({ amount_off, currency: own, currency_options }: Coupon, currency: string): number {
  return own === currency ? (amount_off ?? 0) : (currency_options?.[currency]?.amount_off ?? 0);
}
