import { convertedHistory, definitions } from '../metrics/definitions.ts';
import type { Changes } from '../metrics/metrics.ts';
import { addChanges, changeMetrics, countMetric, moneyMetric, noChanges } from '../metrics/metrics.ts';
import type { RevenueDay } from '../snapshots/days-of-movements.ts';
import { nothing, type Standing } from '../snapshots/standing.ts';
import type { AnalyticsPointType } from './analytics-history.type.ts';

/** @param days of one currency, the oldest first, with the one before the first interval where there is one. */
export function viewHistory(
  days: RevenueDay[],
  parts: { from: Date; to: Date }[],
  { currency, now, isConverted = false }: { currency: string; now: Date; isConverted?: boolean },
): AnalyticsPointType[] {
  const define = isConverted ? convertedHistory : (text: string) => text;
  let next = 0;
  let standing: Standing = nothing();
  const take = (until: Date): Changes => {
    let changes = noChanges();
    for (; next < days.length && new Date(days[next]!.day) < until; next++) {
      const day = days[next]!;
      standing = day;
      changes = addChanges(changes, day.changes);
    }
    return changes;
  };
  const [first] = parts;
  if (first) take(first.from);
  return parts.map(({ from, to }) => {
    const { mrr: start } = standing;
    const changes = take(to);
    const { mrr, trialMrr, payingCustomers, payingSubscriptions } = standing;
    const money = (exact: typeof mrr, definition: string) =>
      moneyMetric(exact, { currency, definition: define(definition), asOf: to });
    return {
      from,
      to,
      isRunning: to >= now,
      mrr: money(mrr, definitions.mrr),
      arr: money(mrr.mul(12), definitions.arr),
      trialMrr: money(trialMrr, definitions.trialMrr),
      payingCustomerCount: countMetric(payingCustomers, definitions.payingCustomerCount, to),
      payingSubscriptionCount: countMetric(payingSubscriptions, definitions.payingSubscriptionCount, to),
      change: changeMetrics(changes, { start, currency, asOf: to, define }),
    };
  });
}
