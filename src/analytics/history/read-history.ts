import type { EntityManager } from '@mikro-orm/core';
import { badInput } from '../../errors.ts';
import type { Side } from '../../tenancy/teams/side.ts';
import { findFactors } from '../exchange-rates/find-factors.ts';
import { checkDay } from '../metrics/check-window.ts';
import { type Interval, intervalsOf } from '../movements/intervals.ts';
import { daysOfMovements, type RevenueDay } from '../snapshots/days-of-movements.ts';
import { lastTrueDay } from '../snapshots/last-true-day.ts';
import { readSnapshots } from '../snapshots/snapshot-rows.ts';
import { dayBefore } from '../snapshots/take-snapshots.ts';
import type { AnalyticsHistoryType } from './analytics-history.type.ts';
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

const mostDays = 4_000;
const mostIntervals = 400;
const oneDay = 86_400_000;

/**
 * Recurring revenue over a time: from snapshots, and after the last one from movements. Days that have not begun are left out.
 * @throws Refusal BAD_USER_INPUT where the days are none or reversed, all lie ahead, or are too many; and where an exchange rate is missing.
 */
export async function readHistory(
  { em }: { em: EntityManager },
  side: Side,
  { interval, currency, convertTo, ...asked }: AskedHistory,
  now: Date,
): Promise<AnalyticsHistoryType[]> {
  const [from, last] = [checkDay(asked.from, 'from'), checkDay(asked.to, 'to')];
  if (last < from) throw badInput('The last day is before the first one.', 'to');
  const begin = new Date(from);
  if (begin > now) throw badInput('This day has not begun.', 'from');
  const end = new Date(Math.min(Date.parse(last) + oneDay, now.getTime()));
  if (end.getTime() - begin.getTime() > mostDays * oneDay) throw badInput(`Ask for ${mostDays} days at most.`, 'to');
  const window = { from: begin, to: end };
  const parts = intervalsOf(interval, window);
  if (parts.length > mostIntervals)
    throw badInput(`These are more than ${mostIntervals} times a ${interval}: ask for a shorter time.`, 'interval');
  const stored = await lastTrueDay({ em }, side);
  const before = dayBefore(from);
  const begins = stored !== null && stored < before ? stored : before;
  const known =
    stored === null ? [] : await readSnapshots({ em }, side, { from: begins, to: [stored, last].sort()[0]!, currency });
  const since = await daysSince({ em }, side, stored, { end, known });
  const days: RevenueDay[] = [...known, ...since].filter((day) => currency === null || day.currency === currency);
  const computedAt = known.at(-1)?.computedAt ?? null;
  if (convertTo !== null) {
    const from = currenciesOfWorth(days);
    const { factors, rates } = await findFactors({ em }, side, { from, to: convertTo, asOf: end });
    const converted = convertDays(days, { to: convertTo, factors, all: currency === null });
    const points = viewHistory(converted, parts, { currency: convertTo, now, isConverted: true });
    return [{ currency: convertTo, computedAt, points, exchangeRates: rates }];
  }
  const currencies = currency === null ? [...new Set(days.map((day) => day.currency))].sort() : [currency];
  return currencies.map((of) => ({
    currency: of,
    computedAt,
    points: viewHistory(
      days.filter((day) => day.currency === of),
      parts,
      { currency: of, now },
    ),
    exchangeRates: [],
  }));
}

/** What has moved after the last day with snapshots, or ever, where there is none. */
async function daysSince(
  { em }: { em: EntityManager },
  side: Side,
  last: string | null,
  { end, known }: { end: Date; known: RevenueDay[] },
): Promise<RevenueDay[]> {
  if (last === null) return daysOfMovements({ em }, side, { from: null, to: end, since: null });
  const from = new Date(Date.parse(last) + oneDay).toISOString().slice(0, 10);
  if (new Date(from) >= end) return [];
  const since = new Map(known.filter(({ day }) => day === last).map((day) => [day.currency, day]));
  return daysOfMovements({ em }, side, { from, to: end, since });
}
