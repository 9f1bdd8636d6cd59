import type { MirroredDiscount } from '../../billing/discounts/discount.ts';
import { billedAmount } from './billed-amount.ts';
import type { BilledItem, BilledSubscription } from './billed-subscription.ts';
import { type Fraction, sumOf, zero } from './fraction.ts';
import { perMonth } from './months-of.ts';
import { takeDiscount } from './take-discount.ts';

/** Minor units of the subscription's currency a month: now, and what it will be when the trial is over. */
export type MonthlyRevenue = { mrr: Fraction; trialMrr: Fraction };

/** ACTIVE, or PAST_DUE until it ends, is revenue; TRIALING will be; a subscription whose collection is paused is neither. */
export function monthlyRevenue(subscription: BilledSubscription, at: Date): MonthlyRevenue {
  const { status, isPaused } = subscription;
  const worth = isPaused || !statusesThatCount.includes(status) ? zero : monthlyWorth(subscription, at);
  return status === 'TRIALING' ? { mrr: zero, trialMrr: worth } : { mrr: worth, trialMrr: zero };
}

const statusesThatCount: readonly string[] = ['ACTIVE', 'PAST_DUE', 'TRIALING'];

/** What the items come to a month, whatever the status. */
export const monthlyWorth = (subscription: BilledSubscription, at: Date): Fraction =>
  sumOf(worthOfItems(subscription, at));

/**
 * What each item comes to a month, in the order of the items: its own discounts taken off first, then the subscription's, or else the
 * customer's, each off what the one before left.
 */
export function worthOfItems({ items, discounts, customerDiscount, currency }: BilledSubscription, at: Date) {
  const own = discounts.filter((discount) => counts(discount, at));
  const ofAll = own.length || !customerDiscount ? own : [customerDiscount].filter((discount) => counts(discount, at));
  const begun = items.map((item) => afterOwn(item, currency, at));
  const remainders = ofAll.reduce((left, discount) => takeDiscount(left, discount, currency), begun);
  return remainders.map(({ left, perMonth }) => left.mul(perMonth));
}

function afterOwn({ price, quantity, discounts }: BilledItem, currency: string, at: Date) {
  const { recurringInterval: interval, recurringIntervalCount: count, stripeProductId } = price;
  const own = discounts.filter((discount) => counts(discount, at));
  const whole = {
    left: billedAmount(price, quantity, currency),
    perMonth: interval ? perMonth(interval, count ?? 1) : zero,
    stripeProductId,
  };
  return own.reduce((item, discount) => takeDiscount([item], discount, currency)[0]!, whole);
}

/** What is good for one invoice is no part of what recurs. */
const counts = ({ duration, end }: MirroredDiscount, at: Date): boolean =>
  duration !== 'ONCE' && (end === null || new Date(end) > at);

/** When discounts end by themselves after an instant, and so what recurs may change: in the order of time, each instant once. */
export function discountEnds({ items, discounts, customerDiscount }: BilledSubscription, after: Date): Date[] {
  const all = [
    ...discounts,
    ...items.flatMap((item) => item.discounts),
    ...(customerDiscount ? [customerDiscount] : []),
  ];
  const ends = all.flatMap(({ duration, end }) => (duration === 'ONCE' || !end ? [] : Date.parse(end)));
  return [...new Set(ends)]
    .filter((end) => end > after.getTime())
    .sort((a, b) => a - b)
    .map((end) => new Date(end));
}
