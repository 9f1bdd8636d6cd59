import Fraction from 'fraction.js';
import { addChanges, type Changes, convertChanges, noChanges } from '../metrics/metrics.ts';
import { movementTypes } from '../revenue/movement-types.ts';
import type { RevenueDay } from '../snapshots/days-of-movements.ts';
import type { Standings } from '../snapshots/read-standings.ts';

/** Recurring revenue of one currency, exactly. */
export type Revenue = { start: Fraction; end: Fraction; trialEnd: Fraction; changes: Changes };

export const noRevenue = (): Revenue => ({
  start: new Fraction(0),
  end: new Fraction(0),
  trialEnd: new Fraction(0),
  changes: noChanges(),
});

/**
 * By currency, in the order of their codes.
 * @param between the days after that which `start` is based on, to that which `end` is based on.
 */
export function revenueOfWindow(start: Standings, end: Standings, between: RevenueDay[]): Map<string, Revenue> {
  return new Map(
    [...end.currencies].map(([currency, { mrr, trialMrr, changes }]) => {
      const before = start.currencies.get(currency);
      const days = between.filter((day) => day.currency === currency);
      const revenue = { start: before?.mrr ?? new Fraction(0), end: mrr, trialEnd: trialMrr, changes: { ...changes } };
      for (const type of movementTypes) {
        const later = days.reduce((sum, day) => sum.add(day.changes[type]), revenue.changes[type]);
        revenue.changes[type] = before ? later.sub(before.changes[type]) : later;
      }
      return [currency, revenue];
    }),
  );
}

/** @param of the amount in each currency; `factors` say what one minor unit of it is worth. */
export function convertRevenue(of: Map<string, Revenue>, factors: Map<string, Fraction>): Revenue {
  const sum = noRevenue();
  for (const [currency, revenue] of of) {
    const factor = factors.get(currency)!;
    sum.start = sum.start.add(revenue.start.mul(factor));
    sum.end = sum.end.add(revenue.end.mul(factor));
    sum.trialEnd = sum.trialEnd.add(revenue.trialEnd.mul(factor));
    sum.changes = addChanges(sum.changes, convertChanges(revenue.changes, factor));
  }
  return sum;
}
