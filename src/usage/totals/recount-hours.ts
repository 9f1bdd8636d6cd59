import type { EntityManager } from '@mikro-orm/core';
import { runStatement } from '../../database/run-statement.ts';
import { hourOf, inHour, sumsOf } from './add-to-hours.ts';

const touched = `select distinct e.customer_id, e.meter_id, ${hourOf('e')} as hour, e.project_id, e.environment
  from usage_event e where e.id = any($1)`;

/**
 * Counts the hours of events anew, from all of their events: what was the largest or the latest may be so no more. The hours are
 * locked first, in the order of their key, and made where there are none; what is read after that nobody else adds to.
 */
export async function recountHours(em: EntityManager, ids: string[]): Promise<void> {
  await runStatement(
    em,
    `insert into usage_hour (customer_id, meter_id, hour, project_id, environment, count, sum)
     select customer_id, meter_id, hour, project_id, environment, 0, 0 from (${touched}) t order by 1, 2, 3
     on conflict (customer_id, meter_id, hour) do update set count = usage_hour.count`,
    [ids],
  );
  await runStatement(
    em,
    `update usage_hour h set count = n.count, sum = n.sum, max = n.max,
       last_value = n.last_value, last_at = n.last_at, last_event_id = n.last_event_id
     from (${touched}) t cross join lateral (
       select ${sumsOf('e')} from usage_event e where ${inHour('e', 't')} and e.voided_at is null) n
     where (h.customer_id, h.meter_id, h.hour) = (t.customer_id, t.meter_id, t.hour)`,
    [ids],
  );
  await runStatement(
    em,
    `insert into usage_hour_value (customer_id, meter_id, hour, value, project_id, environment, count)
     select t.customer_id, t.meter_id, t.hour, v.unique_value, t.project_id, t.environment,
       count(*) filter (where e.voided_at is null and e.unique_value = v.unique_value)
     from (${touched}) t
     join (select distinct unique_value, customer_id, meter_id, ${hourOf('e')} as hour from usage_event e
       where e.id = any($1) and e.unique_value is not null) v using (customer_id, meter_id, hour)
     join usage_event e on ${inHour('e', 't')}
     group by 1, 2, 3, 4, 5, 6 order by 1, 2, 3, 4
     on conflict (customer_id, meter_id, hour, value) do update set count = excluded.count`,
    [ids],
  );
}
