import type Stripe from 'stripe';
import { isRightMissing } from '../../stripe/stripe-trouble.ts';

/** What Stripe leaves out of discounts unless it is asked for: what their coupons give. Stripe follows no path further than this. */
export const couponsOf = (discounts: string): string[] => [
  `${discounts}.source.coupon.applies_to`,
  `${discounts}.source.coupon.currency_options`,
];

type Discounted = { discount?: Stripe.Discount | null; discounts?: (string | Stripe.Discount)[] };

/**
 * An object with what its coupons give. Where a restricted key may not read coupons, which the doctor says, they give nothing.
 * @param ask asks with these parts expanded.
 */
export async function withCoupons<Answer extends object>(
  field: 'discount' | 'discounts',
  ask: (expand: string[]) => Promise<Answer>,
): Promise<Answer> {
  try {
    return await ask(couponsOf(field));
  } catch (failure) {
    if (!isRightMissing(failure)) throw failure;
    const answer = await ask(field === 'discounts' ? [field] : []);
    const { discount, discounts = [] } = answer as Discounted;
    for (const one of [discount, ...discounts])
      if (one && typeof one === 'object' && typeof one.source?.coupon === 'string')
        one.source.coupon = { id: one.source.coupon } as Stripe.Coupon;
    return answer;
  }
}
