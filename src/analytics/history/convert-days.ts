import type Fraction from 'fraction.js';
import { zero } from '../metrics/exact.ts';
import { addChanges, convertChanges, noChanges } from '../metrics/metrics.ts';
import type { RevenueDay } from '../snapshots/days-of-movements.ts';
import { nothing } from '../snapshots/standing.ts';

/** The currencies that are worth something on any of these days, and so need a rate: zero is zero in every currency. */
export function currenciesOfWorth(days: RevenueDay[]): string[] {
  const amountsOf = ({ mrr, trialMrr, changes }: RevenueDay) => [mrr, trialMrr, ...Object.values(changes)];
  const isWorth = (day: RevenueDay) => amountsOf(day).some((amount) => !amount.equals(zero));
  return [...new Set(days.filter(isWorth).map(({ currency }) => currency))];
}

/**
 * Days of several currencies as days of one, the oldest first.
 * @param of.factors what one minor unit of each currency is worth in minor units of `to`; none for one that is worth nothing.
 * @param of.all whether the days are of all currencies: who pays in two of them is one customer then. Otherwise they are of one.
 */
export function convertDays(
  days: RevenueDay[],
  of: { to: string; factors: Map<string, Fraction>; all: boolean },
): RevenueDay[] {
  const dayOf = ([day, parts]: [string, RevenueDay[]]): RevenueDay => {
    const [{ everyone, payingCustomers, payingOrTryingCustomers }] = parts as [RevenueDay];
    const payers = of.all ? everyone : { payingCustomers, payingOrTryingCustomers };
    const sum = { ...nothing(), ...payers, currency: of.to, day, changes: noChanges(), everyone };
    for (const { currency, mrr, trialMrr, payingSubscriptions, changes } of parts) {
      const factor = of.factors.get(currency) ?? zero;
      sum.mrr = sum.mrr.add(mrr.mul(factor));
      sum.trialMrr = sum.trialMrr.add(trialMrr.mul(factor));
      sum.payingSubscriptions += payingSubscriptions;
      sum.changes = addChanges(sum.changes, convertChanges(changes, factor));
    }
    return sum;
  };
  const byDay = Map.groupBy(days, ({ day }) => day);
  return [...byDay].toSorted(([one], [other]) => (one < other ? -1 : 1)).map(dayOf);
}
