import type { EntityManager } from '@mikro-orm/core';
import { runStatement } from '../../database/run-statement.ts';

/** SQL: the hour (UTC) of an event. */
export const hourOf = (event: string) => `date_trunc('hour', ${event}.occurred_at, 'UTC')`;

/** SQL: whether an event is of an hour, which is a row with the key of `usage_hour`. */
export const inHour = (event: string, hour: string) =>
  `(${event}.meter_id, ${event}.customer_id) = (${hour}.meter_id, ${hour}.customer_id)
   and ${event}.occurred_at >= ${hour}.hour and ${event}.occurred_at < ${hour}.hour + interval '1 hour'`;

/** SQL: what events come to. Of those of the same time, the one that was made last is the latest. */
export const sumsOf = (
  event: string,
) => `count(*) as count, coalesce(sum(${event}.value), 0) as sum, max(${event}.value) as max,
  (array_agg(${event}.value order by ${event}.occurred_at desc, ${event}.id desc))[1] as last_value,
  max(${event}.occurred_at) as last_at, (array_agg(${event}.id order by ${event}.occurred_at desc, ${event}.id desc))[1] as last_event_id`;

const later = '(excluded.last_at, excluded.last_event_id) > (usage_hour.last_at, usage_hour.last_event_id)';
const ofLatest = (column: string) =>
  `case when usage_hour.last_at is null or ${later} then excluded.${column} else usage_hour.${column} end`;

/**
 * SQL: adds new events to what their hours came to before, in the order of the hours' key.
 * @param which events: a condition on `e`.
 */
export const addHours = (which: string) => `
  insert into usage_hour (customer_id, meter_id, hour, project_id, environment, count, sum, max, last_value, last_at, last_event_id)
  select e.customer_id, e.meter_id, ${hourOf('e')}, e.project_id, e.environment, ${sumsOf('e')}
  from usage_event e where ${which} group by 1, 2, 3, 4, 5 order by 1, 2, 3
  on conflict (customer_id, meter_id, hour) do update set
    count = usage_hour.count + excluded.count, sum = usage_hour.sum + excluded.sum,
    max = greatest(usage_hour.max, excluded.max), last_value = ${ofLatest('last_value')},
    last_at = ${ofLatest('last_at')}, last_event_id = ${ofLatest('last_event_id')}`;

/** SQL: the same for their different values. */
export const addValues = (which: string) => `
  insert into usage_hour_value (customer_id, meter_id, hour, value, project_id, environment, count)
  select e.customer_id, e.meter_id, ${hourOf('e')}, e.unique_value, e.project_id, e.environment, count(*)
  from usage_event e where e.unique_value is not null and ${which} group by 1, 2, 3, 4, 5, 6 order by 1, 2, 3, 4
  on conflict (customer_id, meter_id, hour, value) do update set count = usage_hour_value.count + excluded.count`;

/** Adds new events, by their ids, to what their hours come to. Hours come first, so that everybody locks them in one order. */
export async function addToHours(em: EntityManager, ids: string[]): Promise<void> {
  if (!ids.length) return;
  await runStatement(em, addHours('e.id = any($1)'), [ids]);
  await runStatement(em, addValues('e.id = any($1)'), [ids]);
}
