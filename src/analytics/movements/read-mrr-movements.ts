import type { EntityManager } from '@mikro-orm/core';
import Fraction from 'fraction.js';
import { ofOneMoment } from '../../database/of-one-moment.ts';
import { runStatement } from '../../database/run-statement.ts';
import type { Side } from '../../tenancy/teams/side.ts';
import type { Window } from '../metrics/check-window.ts';
import { definitions } from '../metrics/definitions.ts';
import { fractionOf } from '../metrics/exact.ts';
import { type Changes, changeMetrics, moneyMetric, netOf, noChanges } from '../metrics/metrics.ts';
import type { MovementType } from '../revenue/movement-types.ts';
import { lastTrueDay } from '../snapshots/last-true-day.ts';
import { readStandings } from '../snapshots/read-standings.ts';
import { beginOf, type Interval, intervalsOf } from './intervals.ts';
import type { MrrMovementsType } from './mrr-movements.type.ts';

/** The type is null where no revenue changed: a trial began, say. */
type Sum = { currency: string; begin: string; type: MovementType | null; numerator: string; denominator: string };

const statement = `
  select currency, date_trunc($6, occurred_at, 'UTC')::text as begin, type, sum(numerator)::text as numerator, denominator::text
  from revenue_movement
  where project_id = $1 and environment = $2 and ($5::text is null or currency = $5)
    and occurred_at >= $3::timestamptz and occurred_at < $4::timestamptz
  group by currency, 2, type, revenue_movement.denominator`;

/**
 * How recurring revenue changed in a window, by interval and for each currency that subscriptions were in by its end. All of it is of one
 * moment.
 */
export async function readMrrMovements(
  { em }: { em: EntityManager },
  side: Side,
  window: Window,
  { interval, currency }: { interval: Interval; currency: string | null },
): Promise<MrrMovementsType[]> {
  const times = [window.from.toISOString(), window.to.toISOString()];
  const values = [side.projectId, side.environment, ...times, currency, interval.toLowerCase()];
  const { currencies: starts, sums } = await ofOneMoment(em, async (em) => {
    const at = { at: window.from, lastTrueDay: await lastTrueDay({ em }, side) };
    return { ...(await readStandings({ em }, side, at)), sums: await runStatement<Sum>(em, statement, values) };
  });
  const known = [...new Set([...starts.keys(), ...sums.map((sum) => sum.currency)])].sort();
  return (currency === null ? known : [currency]).map((of) => {
    const own = sums.filter((sum) => sum.currency === of);
    return viewMovements(own, { currency: of, interval, start: starts.get(of)?.mrr ?? new Fraction(0), ...window });
  });
}

function viewMovements(
  sums: Sum[],
  { currency, interval, start, from, to }: Window & { currency: string; interval: Interval; start: Fraction },
): MrrMovementsType {
  const byBegin = new Map<number, Changes>();
  for (const { begin, type, numerator, denominator } of sums) {
    if (!type) continue;
    const at = beginOf(interval, new Date(begin)).getTime();
    const changes = byBegin.get(at) ?? noChanges();
    changes[type] = changes[type].add(fractionOf(numerator, denominator));
    byBegin.set(at, changes);
  }
  const end = [...byBegin.values()].reduce((sum, changes) => sum.add(netOf(changes)), start);
  let before = start;
  return {
    currency,
    start: moneyMetric(start, { currency, definition: definitions.mrr, asOf: from }),
    end: moneyMetric(end, { currency, definition: definitions.mrr, asOf: to }),
    intervals: intervalsOf(interval, { from, to }).map(({ begin, ...part }) => {
      const changes = byBegin.get(begin.getTime()) ?? noChanges();
      const change = changeMetrics(changes, { start: before, currency, asOf: part.to });
      before = before.add(netOf(changes));
      return { ...part, change };
    }),
  };
}
