import type { EntityManager } from '@mikro-orm/core';
import { runStatement } from '../../database/run-statement.ts';
import type { Side } from '../../tenancy/teams/side.ts';

/**
 * SQL: of a side's snapshots the last day, when it was last made sure of (`computed_at`), and the first day of which a movement may not be in
 * them (`late`), where there is one. A transaction that began within an hour before may have been open still.
 */
export const knownSnapshots = `
  with last as (
    select max(day) as day, max(computed_at) as computed_at from analytics_snapshot where project_id = $1 and environment = $2
  )
  select last.day, last.computed_at, (
    select min(occurred_at at time zone 'UTC')::date from revenue_movement
    where project_id = $1 and environment = $2 and recorded_at > last.computed_at - interval '1 hour' and occurred_at < last.day + 1
  ) as late
  from last`;

/** The last day whose snapshots, and all before, say what all movements say that are written down by now; null where none does. */
export async function lastTrueDay(
  { em }: { em: EntityManager },
  { projectId, environment }: Side,
): Promise<string | null> {
  const [row] = await runStatement<{ day: string | null }>(
    em,
    `select (
       select max(s.day) from analytics_snapshot s
       where s.project_id = $1 and s.environment = $2 and s.day < coalesce(known.late, 'infinity')
     )::text as day from (${knownSnapshots}) known`,
    [projectId, environment],
  );
  return row!.day;
}
