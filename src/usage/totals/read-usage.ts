import type { EntityManager } from '@mikro-orm/core';
import { runStatement } from '../../database/run-statement.ts';
import { badInput } from '../../errors.ts';
import type { Aggregation } from '../meters/aggregation.ts';
import { partsFor, totals } from './used-between.ts';

/** In UTC. */
export const groupings = ['HOUR', 'DAY'] as const;
export type Grouping = (typeof groupings)[number];

/** What was used from an instant (included) to another (excluded). */
export type UsageOfTime = { from: Date; to: Date; value: string; events: number };
export type Usage = UsageOfTime & { buckets: UsageOfTime[] | null };

const length: Record<Grouping, number> = { HOUR: 3_600_000, DAY: 86_400_000 };
export const mostBuckets = 1_000;

/**
 * What a customer used of a meter in a range, by one statement: the total, and where a grouping is given, the hours or days in which
 * anything was reported.
 * @throws Refusal BAD_USER_INPUT where nothing lies in the range, or too many hours or days do.
 */
export async function readUsage(
  em: EntityManager,
  { customerId, meterId, aggregation }: { customerId: string; meterId: string; aggregation: Aggregation },
  { from, to, groupBy }: { from: Date; to: Date; groupBy: Grouping | null },
): Promise<Usage> {
  if (from >= to) throw badInput('`from` must be earlier than `to`.', 'range.to');
  if (groupBy && (to.getTime() - from.getTime()) / length[groupBy] > mostBuckets)
    throw badInput(`This is more than ${mostBuckets} times a ${groupBy}: ask for a shorter range.`, 'groupBy');
  const range = { customer: '$1', meter: '$2', from: '$3::timestamptz', to: '$4::timestamptz' };
  const bucket = groupBy && `date_trunc('${groupBy}', u.at, 'UTC')`;
  const rows = await runStatement<{ at: string | null; value: string; events: string }>(
    em,
    `select ${bucket ?? 'null'} as at, trim_scale(${totals[aggregation]})::text as value, coalesce(sum(u.count), 0)::text as events
     from (${partsFor(aggregation, range)}) u ${bucket ? `group by grouping sets ((), (${bucket})) order by at` : ''}`,
    [customerId, meterId, from.toISOString(), to.toISOString()],
  );
  const of = ({ value, events }: { value: string; events: string }) => ({ value, events: Number(events) });
  const total = rows.find(({ at }) => at === null)!;
  const buckets = rows.flatMap((row) => {
    if (row.at === null) return [];
    const begins = new Date(row.at).getTime();
    const ends = begins + length[groupBy!];
    return [
      {
        from: new Date(Math.max(begins, from.getTime())),
        to: new Date(Math.min(ends, to.getTime())),
        ...of(row),
      },
    ];
  });
  return { from, to, ...of(total), buckets: groupBy && buckets };
}
