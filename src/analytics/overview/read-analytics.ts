import type { EntityManager } from '@mikro-orm/core';
import type { Side } from '../../tenancy/teams/side.ts';
import { findFactors } from '../exchange-rates/find-factors.ts';
import type { Window } from '../metrics/check-window.ts';
import { zero } from '../metrics/exact.ts';
import { netOf } from '../metrics/metrics.ts';
import { nobody } from '../snapshots/standing.ts';
import type { AnalyticsSnapshotType } from './analytics.type.ts';
import { readWindow } from './read-window.ts';
import { convertRevenue, noRevenue, type Revenue } from './revenue-of-window.ts';
import { payersIn, viewAmounts, viewCounts } from './view-analytics.ts';

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
  const facts = await readWindow({ em }, side, window);
  const asked = currency === null ? facts.revenue : new Map([[currency, facts.revenue.get(currency) ?? noRevenue()]]);
  const payersOf = (of: string) => payersIn(facts.end.currencies.get(of) ?? nobody(), trials);
  const { from, to: asOf } = window;
  const amounts = [...asked].map(([of, revenue]) =>
    viewAmounts(revenue, { currency: of, payers: payersOf(of), trials, asOf, from }),
  );
  const counts = viewCounts(facts, window, { trials });
  if (convertTo === null) return { ...counts, amounts, converted: null, exchangeRates: [] };
  const worth = new Map([...asked].filter(([, revenue]) => !isNothing(revenue)));
  const { factors, rates } = await findFactors({ em }, side, { from: [...worth.keys()], to: convertTo, asOf });
  const payers = currency === null ? payersIn(facts.end.everyone, trials) : payersOf(currency);
  const of = { currency: convertTo, payers, trials, asOf, from, isConverted: true };
  return { ...counts, amounts, converted: viewAmounts(convertRevenue(worth, factors), of), exchangeRates: rates };
}

/** Whether it needs no rate: zero is zero in every currency. */
const isNothing = ({ start, end, trialEnd, changes }: Revenue) =>
  [start, end, trialEnd, netOf(changes), ...Object.values(changes)].every((amount) => amount.equals(zero));
