import type { MirroredDiscount } from './discount.ts';
import type { DiscountType } from './discount.type.ts';

/** A discount as it is published. @param currency which of its amounts is told, where it has one in it. */
export function viewDiscount(discount: MirroredDiscount, currency: string | null): DiscountType {
  const { couponId, promotionCodeId, name, percentOff, amountsOff, duration, productIds, start, end } = discount;
  const off = amountsOff.find((amount) => amount.currency === currency) ?? amountsOff[0];
  return {
    couponId,
    promotionCodeId,
    name,
    percentOff,
    amountOff: off ? { amount: BigInt(off.amount), currency: off.currency } : null,
    duration,
    stripeProductIds: productIds,
    start: new Date(start),
    end: end === null ? null : new Date(end),
  };
}
