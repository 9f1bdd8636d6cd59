import Fraction from 'fraction.js';
import { type SubscriptionStatus, subscriptionStatuses } from '../../billing/subscriptions/subscription-status.ts';
import { fractionOf } from '../metrics/exact.ts';
import { type Changes, noChanges } from '../metrics/metrics.ts';
import type { Sums } from './read-sums.ts';

/** Recurring revenue of one currency, exactly. */
export type Revenue = { start: Fraction; end: Fraction; trialEnd: Fraction; changes: Changes };

const none = (): Revenue => ({
  start: new Fraction(0),
  end: new Fraction(0),
  trialEnd: new Fraction(0),
  changes: noChanges(),
});

/** By currency, in the order of their codes: what is now, less what came later. */
export function revenueOfWindow({ state, moved }: Pick<Sums, 'state' | 'moved'>): Map<string, Revenue> {
  const currencies = [...new Set([...state, ...moved].map(({ currency }) => currency))].sort();
  const all = new Map(currencies.map((currency) => [currency, none()]));
  for (const sum of state) {
    const revenue = all.get(sum.currency)!;
    revenue.end = revenue.end.add(fractionOf(sum.numerator, sum.denominator));
    revenue.trialEnd = revenue.trialEnd.add(fractionOf(sum.trialNumerator, sum.trialDenominator));
  }
  for (const sum of moved.filter(({ later }) => later)) {
    const revenue = all.get(sum.currency)!;
    revenue.end = revenue.end.sub(fractionOf(sum.numerator, sum.denominator));
    revenue.trialEnd = revenue.trialEnd.sub(fractionOf(sum.trialNumerator, sum.trialDenominator));
  }
  for (const revenue of all.values()) revenue.start = revenue.end;
  for (const sum of moved.filter(({ later }) => !later)) {
    const revenue = all.get(sum.currency)!;
    const change = fractionOf(sum.numerator, sum.denominator);
    revenue.start = revenue.start.sub(change);
    if (sum.type) revenue.changes[sum.type] = revenue.changes[sum.type].add(change);
  }
  return all;
}

/** @param of the amount in each currency; `factors` say what one minor unit of it is worth. */
export function convertRevenue(of: Map<string, Revenue>, factors: Map<string, Fraction>): Revenue {
  const sum = none();
  for (const [currency, revenue] of of) {
    const factor = factors.get(currency)!;
    sum.start = sum.start.add(revenue.start.mul(factor));
    sum.end = sum.end.add(revenue.end.mul(factor));
    sum.trialEnd = sum.trialEnd.add(revenue.trialEnd.mul(factor));
    for (const [type, change] of Object.entries(revenue.changes) as [keyof Changes, Fraction][])
      sum.changes[type] = sum.changes[type].add(change.mul(factor));
  }
  return sum;
}

export type StatusCounts = Record<SubscriptionStatus, number>;

/** How many subscriptions had each status at the begin and at the end of the window. */
export function statusesOfWindow({ state, moved }: Pick<Sums, 'state' | 'moved'>): {
  start: StatusCounts;
  end: StatusCounts;
} {
  const end = Object.fromEntries(subscriptionStatuses.map((status) => [status, 0])) as StatusCounts;
  for (const { status, subscriptions } of state) end[status] += subscriptions;
  const undo = (counts: StatusCounts, later: boolean) => {
    for (const { statusBefore, statusAfter, movements } of moved.filter((sum) => sum.later === later)) {
      counts[statusAfter] -= movements;
      if (statusBefore) counts[statusBefore] += movements;
    }
  };
  undo(end, true);
  const start = { ...end };
  undo(start, false);
  return { start, end };
}
