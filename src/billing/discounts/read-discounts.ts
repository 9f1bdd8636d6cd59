import type Stripe from 'stripe';
import type { DiscountDuration, MirroredDiscount } from './discount.ts';

/** Of a subscription's copy, those of it all, and those of its items by Stripe's ids. */
export type ReadDiscounts = { discounts: MirroredDiscount[]; ofItems: Map<string, MirroredDiscount[]> };

type Shown = string | Stripe.Discount;

/**
 * The discounts of a subscription. A copy in an event names them alone, which does for those that are known.
 * @param known what our row and those of its items have: what a discount gives does not change.
 * @returns null where it names one whose terms must be asked for.
 */
export function readSubscriptionDiscounts(object: Stripe.Subscription, known: ReadDiscounts): ReadDiscounts | null {
  const all = [...known.discounts, ...[...known.ofItems.values()].flat()];
  // Before 2024-09-30 a subscription showed one discount, with its coupon, and no item showed any.
  const isOld = !object.discounts && (object as { discount?: Shown | null }).discount;
  const discounts = isOld ? null : readAll(object.discounts ?? [], all);
  if (!discounts) return null;
  const ofItems = new Map<string, MirroredDiscount[]>();
  for (const { id, discounts: shown } of object.items.data) {
    const ofItem = shown ? readAll(shown, all) : (known.ofItems.get(id) ?? []);
    if (!ofItem) return null;
    ofItems.set(id, ofItem);
  }
  return { discounts, ofItems };
}

function readAll(shown: Shown[], known: MirroredDiscount[]): MirroredDiscount[] | null {
  const read = shown.map((discount) => readDiscount(discount, known));
  return read.every((discount) => discount !== null) ? read : null;
}

/** One discount; null where its terms must be asked for. */
export function readDiscount(discount: Shown, known: MirroredDiscount[]): MirroredDiscount | null {
  const id = typeof discount === 'string' ? discount : discount.id;
  const coupon = typeof discount === 'string' ? null : couponOf(discount);
  if (typeof discount === 'string' || !coupon) return known.find((one) => one.id === id) ?? null;
  const { promotion_code: code, start, end } = discount;
  return {
    id,
    couponId: coupon.id,
    promotionCodeId: code && typeof code === 'object' ? code.id : (code ?? null),
    name: coupon.name ?? null,
    percentOff: coupon.percent_off == null ? null : String(coupon.percent_off),
    amountsOff: amountsOf(coupon),
    duration: durations[coupon.duration] ?? 'FOREVER',
    productIds: coupon.applies_to?.products ?? null,
    start: isoOf(start),
    end: end === null ? null : isoOf(end),
  };
}

/** Before 2025-09-30 it stood on the discount itself. */
function couponOf({ source, coupon }: Stripe.Discount & { coupon?: string | Stripe.Coupon }): Stripe.Coupon | null {
  const shown = source?.coupon ?? coupon;
  return shown && typeof shown === 'object' ? shown : null;
}

function amountsOf({ amount_off: amount, currency: own, currency_options: options }: Stripe.Coupon) {
  if (!amount || !own) return [];
  const others = Object.entries(options ?? {}).filter(([currency]) => currency !== own);
  return [
    { currency: own.toUpperCase(), amount },
    ...others
      .sort(([one], [other]) => (one < other ? -1 : 1))
      .map(([currency, { amount_off }]) => ({ currency: currency.toUpperCase(), amount: amount_off })),
  ];
}

const durations: Record<string, DiscountDuration> = { forever: 'FOREVER', once: 'ONCE', repeating: 'REPEATING' };

const isoOf = (seconds: number) => new Date(seconds * 1000).toISOString();
