import type { MirroredDiscount } from '../../billing/discounts/discount.ts';
import { type Fraction, fraction, sumOf, zero } from './fraction.ts';

/** What of an item is left to pay for one of its intervals. */
export type Remainder = { left: Fraction; perMonth: Fraction; stripeProductId: string };

/**
 * What is left after one discount. A share is taken off every item that it is for. An amount is taken off each invoice, so of the items that
 * are billed most often: spread over them in proportion to what they cost, and never more than that.
 */
export function takeDiscount(items: Remainder[], discount: MirroredDiscount, currency: string): Remainder[] {
  const { percentOff, productIds } = discount;
  const isFor = ({ stripeProductId }: Remainder) => productIds === null || productIds.includes(stripeProductId);
  if (percentOff !== null) {
    const rest = fraction(100).sub(fraction(percentOff)).div(100);
    return items.map((item) => (isFor(item) ? { ...item, left: item.left.mul(rest) } : item));
  }
  const often = mostOften(items.filter((item) => isFor(item) && item.left.gt(0)));
  const total = sumOf(often.map(({ left }) => left));
  if (total.equals(0)) return items;
  const amount = fraction(discount.amountsOff.find((off) => off.currency === currency)?.amount ?? 0);
  const rest = amount.gte(total) ? zero : total.sub(amount).div(total);
  return items.map((item) => (often.includes(item) ? { ...item, left: item.left.mul(rest) } : item));
}

const mostOften = (items: Remainder[]): Remainder[] =>
  items.filter(({ perMonth }) => items.every((other) => perMonth.gte(other.perMonth)));
