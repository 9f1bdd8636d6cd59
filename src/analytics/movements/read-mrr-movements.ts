import type { EntityManager } from '@mikro-orm/core';
import Fraction from 'fraction.js';
import { runStatement } from '../../database/run-statement.ts';
import type { Side } from '../../tenancy/teams/side.ts';
import type { Window } from '../metrics/check-window.ts';
import { definitions } from '../metrics/definitions.ts';
import { fractionOf } from '../metrics/exact.ts';
import { type Changes, changeMetrics, moneyMetric, netOf, noChanges } from '../metrics/metrics.ts';
import type { MovementType } from '../revenue/movement-types.ts';
import { beginOf, type Interval, intervalsOf } from './intervals.ts';
import type { MrrMovementsType } from './mrr-movements.type.ts';

/** `begin` is null for what is now, and 'infinity' for what came after the window. */
type Sum = {
  currency: string;
  begin: string | null;
  type: MovementType | null;
  numerator: string;
  denominator: string;
};

/** What is now, and what has moved since the begin of the window, by one statement. */
const statement = `
  select currency, null as begin, null as type, sum(mrr_numerator)::text as numerator, mrr_denominator::text as denominator
  from (
    select currency, mrr_numerator, mrr_denominator from subscription_revenue
    where project_id = $1 and environment = $2 and ($5::text is null or currency = $5) offset 0
  ) r group by currency, mrr_denominator
  union all
  select currency, (case when occurred_at >= $4::timestamptz then 'infinity' else date_trunc($6, occurred_at, 'UTC') end)::text, type,
    sum(numerator)::text, denominator::text
  from revenue_movement
  where project_id = $1 and environment = $2 and ($5::text is null or currency = $5) and occurred_at >= $3::timestamptz and type is not null
  group by currency, 2, type, revenue_movement.denominator`;

/** How recurring revenue changed in a window, by currency and interval. */
export async function readMrrMovements(
  { em }: { em: EntityManager },
  { projectId, environment }: Side,
  { from, to }: Window,
  { interval, currency }: { interval: Interval; currency: string | null },
): Promise<MrrMovementsType[]> {
  const values = [projectId, environment, from.toISOString(), to.toISOString(), currency, interval.toLowerCase()];
  const sums = await runStatement<Sum>(em, statement, values);
  const currencies = currency === null ? [...new Set(sums.map((sum) => sum.currency))].sort() : [currency];
  return currencies.map((of) => {
    const own = sums.filter((sum) => sum.currency === of);
    return viewMovements(own, { currency: of, interval, from, to });
  });
}

function viewMovements(
  sums: Sum[],
  { currency, interval, from, to }: Window & { currency: string; interval: Interval },
): MrrMovementsType {
  let end = new Fraction(0);
  const byBegin = new Map<number, Changes>();
  for (const { begin, type, numerator, denominator } of sums) {
    const amount = fractionOf(numerator, denominator);
    if (begin === null) end = end.add(amount);
    else if (begin === 'infinity') end = end.sub(amount);
    else {
      const at = beginOf(interval, new Date(begin)).getTime();
      const changes = byBegin.get(at) ?? noChanges();
      changes[type!] = changes[type!].add(amount);
      byBegin.set(at, changes);
    }
  }
  const start = [...byBegin.values()].reduce((sum, changes) => sum.sub(netOf(changes)), end);
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
