import Fraction from 'fraction.js';
import { subscriptionStatuses } from '../../billing/subscriptions/subscription-status.ts';
import type { Window } from '../metrics/check-window.ts';
import { converted, definitions } from '../metrics/definitions.ts';
import { changeMetrics, countMetric, moneyMetric, rateMetric } from '../metrics/metrics.ts';
import type { Standings } from '../snapshots/read-standings.ts';
import type { Payers, StatusCounts } from '../snapshots/standing.ts';
import type { AnalyticsAmountsType, AnalyticsSnapshotType, CustomerGrowthDayType } from './analytics.type.ts';
import type { WindowFacts } from './read-window.ts';
import type { Revenue } from './revenue-of-window.ts';

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

/** @param trials whether who is in a trial is taken to pay. */
export const payersIn = ({ payingCustomers, payingOrTryingCustomers }: Payers, trials: boolean) =>
  trials ? payingOrTryingCustomers : payingCustomers;

const countIn = ({ currencies }: Standings, ...of: (keyof StatusCounts)[]) =>
  [...currencies.values()].flatMap(({ statuses }) => of.map((status) => statuses[status])).reduce((a, b) => a + b, 0);

const activeIn = (standings: Standings) => countIn(standings, 'ACTIVE', 'PAST_DUE');

/** What is published beside the amounts. */
export function viewCounts(
  facts: WindowFacts,
  { from, to }: Window,
  { trials }: { trials: boolean },
): Omit<AnalyticsSnapshotType, 'amounts' | 'converted' | 'exchangeRates'> {
  const count = (value: number, definition: string) => countMetric(value, definition, to);
  const { start, end } = facts;
  return {
    from,
    asOf: to,
    customerCount: count(facts.customers, definitions.customerCount),
    payingCustomerCount: count(payersIn(end.everyone, trials), payersDefinition(trials)),
    activeSubscriptionCount: count(activeIn(end), definitions.activeSubscriptionCount),
    churnRate: rateMetric(new Fraction(facts.canceled), new Fraction(activeIn(start)), definitions.churnRate, to),
    subscriptions: subscriptionStatuses.map((status) => ({
      status,
      count: count(countIn(end, status), definitions.subscriptions),
    })),
    customerGrowth: { definition: definitions.customerGrowth, asOf: to, days: growthDays(facts, { from, to }) },
  };
}

const oneDay = 86_400_000;

/** Every day of the window; totals are counted back from the end. */
function growthDays({ growth, customers }: WindowFacts, { from, to }: Window): CustomerGrowthDayType[] {
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
