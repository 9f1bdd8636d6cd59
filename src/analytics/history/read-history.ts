import type { EntityManager } from '@mikro-orm/core';
import { ofOneMoment } from '../../database/of-one-moment.ts';
import type { Side } from '../../tenancy/teams/side.ts';
import { findFactors } from '../exchange-rates/find-factors.ts';
import type { Interval } from '../movements/intervals.ts';
import { daysOfMovements, type RevenueDay } from '../snapshots/days-of-movements.ts';
import { lastTrueDay } from '../snapshots/last-true-day.ts';
import { readSnapshots } from '../snapshots/snapshot-rows.ts';
import { dayBefore } from '../snapshots/take-snapshots.ts';
import type { AnalyticsHistoryType } from './analytics-history.type.ts';
import { type CheckedHistory, checkHistory } from './check-history.ts';
import { convertDays, currenciesOfWorth } from './convert-days.ts';
import { viewHistory } from './view-history.ts';

export type AskedHistory = {
  from: string;
  to: string;
  interval: Interval;
  /** This one alone, where it is given. */
  currency: string | null;
  /** All as one history in this one, where it is given. */
  convertTo: string | null;
};

/**
 * Recurring revenue over a time: from snapshots, and after the last one from movements. Days that have not begun are left out.
 * @throws Refusal BAD_USER_INPUT where the days are none or reversed, all lie ahead, or are too many; and where an exchange rate is missing.
 */
export async function readHistory(
  { em }: { em: EntityManager },
  side: Side,
  { currency, convertTo, ...asked }: AskedHistory,
  now: Date,
): Promise<AnalyticsHistoryType[]> {
  const checked = checkHistory(asked, now);
  const { parts, end } = checked;
  const { days, computedAt } = await ofOneMoment(em, (em) => readDays({ em }, side, checked, currency));
  if (convertTo !== null) {
    const from = currenciesOfWorth(days);
    const { factors, rates } = await findFactors({ em }, side, { from, to: convertTo, asOf: end });
    const converted = convertDays(days, { to: convertTo, factors, all: currency === null });
    const points = viewHistory(converted, parts, { currency: convertTo, now, isConverted: true });
    return [{ currency: convertTo, computedAt, points, exchangeRates: rates }];
  }
  const currencies = currency === null ? [...new Set(days.map((day) => day.currency))].sort() : [currency];
  return currencies.map((of) => {
    const own = days.filter((day) => day.currency === of);
    return { currency: of, computedAt, points: viewHistory(own, parts, { currency: of, now }), exchangeRates: [] };
  });
}

/** Every day, and the one before the first: of one currency, or of all. */
async function readDays(
  { em }: { em: EntityManager },
  side: Side,
  { first, last, end }: CheckedHistory,
  currency: string | null,
): Promise<{ days: RevenueDay[]; computedAt: Date | null }> {
  const stored = await lastTrueDay({ em }, side);
  if (stored === null) {
    const days = await daysOfMovements({ em }, side, { from: null, to: end, since: null });
    return { days: days.filter(isOf(currency)), computedAt: null };
  }
  const [from] = [stored, dayBefore(first)].sort() as [string];
  const [to] = [stored, last].sort() as [string];
  const known = await readSnapshots({ em }, side, { from, to, currency });
  const since = await daysSince({ em }, side, stored, { end, known });
  return { days: [...known, ...since.filter(isOf(currency))], computedAt: known.at(-1)?.computedAt ?? null };
}

const isOf = (currency: string | null) => (day: RevenueDay) => currency === null || day.currency === currency;

const oneDay = 86_400_000;

/** What has moved after the last day with snapshots. */
async function daysSince(
  { em }: { em: EntityManager },
  side: Side,
  last: string,
  { end, known }: { end: Date; known: RevenueDay[] },
): Promise<RevenueDay[]> {
  const from = new Date(Date.parse(last) + oneDay).toISOString().slice(0, 10);
  if (new Date(from) >= end) return [];
  const since = new Map(known.filter(({ day }) => day === last).map((day) => [day.currency, day]));
  return daysOfMovements({ em }, side, { from, to: end, since });
}
