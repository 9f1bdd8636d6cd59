import Fraction from 'fraction.js';
import { subscriptionStatuses } from '../../billing/subscriptions/subscription-status.ts';
import type { Window } from '../metrics/check-window.ts';
import { converted, definitions } from '../metrics/definitions.ts';
import { changeMetrics, countMetric, moneyMetric, rateMetric } from '../metrics/metrics.ts';
import type { AnalyticsAmountsType, AnalyticsSnapshotType, CustomerGrowthDayType } from './analytics.type.ts';
import type { Sums } from './read-sums.ts';
import { type Revenue, type StatusCounts, statusesOfWindow } from './revenue-of-window.ts';

/** What is published of one currency. */
export function viewAmounts(
  { start, end, trialEnd, changes }: Revenue,
  of: { currency: string; payers: number; trials: boolean; asOf: Date; from: Date; isConverted?: boolean },
): AnalyticsAmountsType {
  const { currency, payers, trials, asOf, from } = of;
  const define = of.isConverted ? converted : (text: string) => text;
  const money = (exact: Fraction, text: string, at = asOf) =>
    moneyMetric(exact, { currency, definition: define(text), asOf: at });
  const rate = (lost: Fraction, text: string) => rateMetric(lost, start, define(text), asOf);
  const mrr = trials ? end.add(trialEnd) : end;
  const lost = changes.CHURN.add(changes.CONTRACTION).neg();
  const won = changes.EXPANSION.add(changes.REACTIVATION);
  return {
    currency,
    mrr: money(mrr, trials ? definitions.mrrWithTrials : definitions.mrr),
    arr: money(mrr.mul(12), definitions.arr),
    trialMrr: money(trialEnd, definitions.trialMrr),
    arpa: payers ? money(mrr.div(payers), definitions.arpa) : null,
    payingCustomerCount: countMetric(payers, payersDefinition(trials), asOf),
    grossRevenueChurnRate: rate(lost, definitions.grossRevenueChurnRate),
    netRevenueChurnRate: rate(lost.sub(won), definitions.netRevenueChurnRate),
    mrrAtStart: money(start, definitions.mrr, from),
    change: changeMetrics(changes, { start, currency, asOf, define }),
  };
}

export const payersDefinition = (trials: boolean) =>
  trials ? definitions.payingCustomerCountWithTrials : definitions.payingCustomerCount;

const active = ({ ACTIVE, PAST_DUE }: StatusCounts) => ACTIVE + PAST_DUE;

/** What is published beside the amounts. */
export function viewCounts(
  sums: Sums,
  { from, to }: Window,
  { trials }: { trials: boolean },
): Omit<AnalyticsSnapshotType, 'amounts' | 'converted' | 'exchangeRates'> {
  const count = (value: number, definition: string) => countMetric(value, definition, to);
  const { start, end } = statusesOfWindow(sums);
  return {
    from,
    asOf: to,
    customerCount: count(sums.customers, definitions.customerCount),
    payingCustomerCount: count(sums.allPayers, payersDefinition(trials)),
    activeSubscriptionCount: count(active(end), definitions.activeSubscriptionCount),
    churnRate: rateMetric(new Fraction(sums.canceled), new Fraction(active(start)), definitions.churnRate, to),
    subscriptions: subscriptionStatuses.map((status) => ({
      status,
      count: count(end[status], definitions.subscriptions),
    })),
    customerGrowth: { definition: definitions.customerGrowth, asOf: to, days: growthDays(sums, { from, to }) },
  };
}

const oneDay = 86_400_000;

/** Every day of the window; totals are counted back from the end. */
function growthDays({ growth, customers }: Sums, { from, to }: Window): CustomerGrowthDayType[] {
  const known = new Map(growth.map((day) => [day.day, day]));
  const days: CustomerGrowthDayType[] = [];
  let total = customers;
  const begin = Math.floor(from.getTime() / oneDay) * oneDay;
  for (let at = to.getTime() - 1; at >= begin; at -= oneDay) {
    const day = new Date(at).toISOString().slice(0, 10);
    const { created, deleted } = known.get(day) ?? { created: 0, deleted: 0 };
    days.push({ day, created, deleted, total });
    total -= created - deleted;
  }
  return days.reverse();
}
