import type { EntityManager } from '@mikro-orm/core';
import type { Side } from '../../tenancy/teams/side.ts';
import type { Window } from '../metrics/check-window.ts';
import { zero } from '../metrics/exact.ts';
import { netOf, noChanges } from '../metrics/metrics.ts';
import type { AnalyticsSnapshotType } from './analytics.type.ts';
import { findFactors } from './find-factors.ts';
import { readSums } from './read-sums.ts';
import { convertRevenue, type Revenue, revenueOfWindow } from './revenue-of-window.ts';
import { viewAmounts, viewCounts } from './view-analytics.ts';

export type AnalyticsOptions = {
  /** This one alone, where it is given. */
  currency: string | null;
  /** Everything in this one as well, where it is given. */
  convertTo: string | null;
  /** Whether trials count as if they paid. */
  trials: boolean;
};

/**
 * The business at the end of a window, and what happened in it.
 * @throws Refusal BAD_USER_INPUT where an exchange rate is missing.
 */
export async function readAnalytics(
  { em }: { em: EntityManager },
  side: Side,
  window: Window,
  { currency, convertTo, trials }: AnalyticsOptions,
): Promise<AnalyticsSnapshotType> {
  const sums = await readSums({ em }, side, window, { trials });
  const all = revenueOfWindow(sums);
  const asked: Map<string, Revenue> = currency === null ? all : new Map([[currency, all.get(currency) ?? nothing()]]);
  const payersOf = (of: string) => sums.payers.find((one) => one.currency === of)?.customers ?? 0;
  const { from, to: asOf } = window;
  const amounts = [...asked].map(([of, revenue]) =>
    viewAmounts(revenue, { currency: of, payers: payersOf(of), trials, asOf, from }),
  );
  const counts = viewCounts(sums, window, { trials });
  if (convertTo === null) return { ...counts, amounts, converted: null, exchangeRates: [] };
  const worth = new Map([...asked].filter(([, revenue]) => !isNothing(revenue)));
  const { factors, rates } = await findFactors({ em }, side, { from: [...worth.keys()], to: convertTo, asOf });
  const payers = currency === null ? sums.allPayers : payersOf(currency);
  const of = { currency: convertTo, payers, trials, asOf, from, isConverted: true };
  return { ...counts, amounts, converted: viewAmounts(convertRevenue(worth, factors), of), exchangeRates: rates };
}

const nothing = (): Revenue => ({ start: zero, end: zero, trialEnd: zero, changes: noChanges() });

/** Whether it needs no rate: zero is zero in every currency. */
const isNothing = ({ start, end, trialEnd, changes }: Revenue) =>
  [start, end, trialEnd, netOf(changes), ...Object.values(changes)].every((amount) => amount.equals(zero));
