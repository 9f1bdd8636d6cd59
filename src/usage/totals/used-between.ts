import type { Aggregation } from '../meters/aggregation.ts';

/** SQL expressions: whose usage of what, from an instant (included) to another (excluded). */
export type UsageRange = { customer: string; meter: string; from: string; to: string };

/**
 * SQL: the rows whose sums are the usage of a range. Its full hours are one row each; of the hours that it cuts, each event is one.
 * Columns: at, count, sum, max, last_value, last_at, last_event_id.
 */
export function partsOf({ customer, meter, from, to }: UsageRange): string {
  const { begin, end } = fullHours({ from, to });
  const cut = (since: string, until: string) => `
    select e.occurred_at as at, 1::bigint as count, e.value as sum, e.value as max, e.value as last_value, e.occurred_at as last_at, e.id as last_event_id
    from usage_event e where e.meter_id = ${meter} and e.customer_id = ${customer} and e.voided_at is null
      and e.occurred_at >= ${since} and e.occurred_at < ${until}`;
  return `
    select h.hour as at, h.count, h.sum, h.max, h.last_value, h.last_at, h.last_event_id from usage_hour h
    where h.customer_id = ${customer} and h.meter_id = ${meter} and h.hour >= ${begin} and h.hour < ${end} and h.count > 0
    union all ${cut(from, `least(${begin}, ${to})`)} union all ${cut(`greatest(${begin}, ${end})`, to)}`;
}

/** SQL: the same for a meter that counts different values. Columns: at, value, count. */
export function valuePartsOf({ customer, meter, from, to }: UsageRange): string {
  const { begin, end } = fullHours({ from, to });
  const cut = (since: string, until: string) => `
    select e.occurred_at as at, e.unique_value as value, 1::bigint as count
    from usage_event e where e.meter_id = ${meter} and e.customer_id = ${customer} and e.voided_at is null
      and e.occurred_at >= ${since} and e.occurred_at < ${until}`;
  return `
    select h.hour as at, h.value, h.count from usage_hour_value h
    where h.customer_id = ${customer} and h.meter_id = ${meter} and h.hour >= ${begin} and h.hour < ${end} and h.count > 0
    union all ${cut(from, `least(${begin}, ${to})`)} union all ${cut(`greatest(${begin}, ${end})`, to)}`;
}

/** SQL: how the parts of a range, or of a bucket of it, come to one number. 0 where there are none. */
export const totals: Record<Aggregation, string> = {
  SUM: 'coalesce(sum(u.sum), 0)',
  COUNT: 'coalesce(sum(u.count), 0)',
  MAX: 'coalesce(max(u.max), 0)',
  LAST: 'coalesce((array_agg(u.last_value order by u.last_at desc, u.last_event_id desc))[1], 0)',
  UNIQUE_COUNT: 'count(distinct u.value)::numeric',
};

export const partsFor = (aggregation: Aggregation, range: UsageRange) =>
  aggregation === 'UNIQUE_COUNT' ? valuePartsOf(range) : partsOf(range);

/**
 * SQL: a number, what a customer used of a meter in a range, for statements that read rows of many meters.
 * @param aggregation an expression: the meter's.
 */
export function usedBetween(aggregation: string, range: UsageRange): string {
  const branches = (Object.keys(totals) as Aggregation[]).map(
    (name) => `when '${name}' then (select ${totals[name]} from (${partsFor(name, range)}) u)`,
  );
  return `(case ${aggregation} ${branches.join('\n')} end)`;
}

const fullHours = ({ from, to }: Pick<UsageRange, 'from' | 'to'>) => ({
  begin: `date_trunc('hour', ${from} + interval '1 hour' - interval '1 microsecond', 'UTC')`,
  end: `date_trunc('hour', ${to}, 'UTC')`,
});
