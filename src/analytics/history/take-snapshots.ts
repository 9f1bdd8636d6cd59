import type { EntityManager } from '@mikro-orm/core';
import { runStatement } from '../../database/run-statement.ts';
import type { Side } from '../../tenancy/teams/side.ts';
import { daysOfMovements } from './days-of-movements.ts';
import { lockSnapshots, readSnapshots, rowOf, writeSnapshots } from './snapshot-rows.ts';

/**
 * Makes the snapshots of a side that are missing, up to yesterday; and again those of days that were made before a movement of theirs was
 * written down, with all that came after. A transaction that began within an hour before they were made may have been open still.
 */
export async function takeSnapshots({ em }: { em: EntityManager }, side: Side): Promise<void> {
  const { projectId, environment } = side;
  await em.transactional(async (em) => {
    await lockSnapshots(em, side);
    const [known] = await runStatement<{
      today: string;
      last: string | null;
      next: string | null;
      first: string | null;
    }>(
      em,
      `with last as (
         select max(day) as day, max(computed_at) as computed_at from analytics_snapshot where project_id = $1 and environment = $2
       )
       select (now() at time zone 'UTC')::date::text as today, last.day::text as last, (last.day + 1)::text as next,
         (select min(occurred_at at time zone 'UTC')::date::text from revenue_movement
          where project_id = $1 and environment = $2
            and (last.day is null or recorded_at > last.computed_at - interval '1 hour' and occurred_at < last.day + 1)) as first
       from last`,
      [projectId, environment],
    );
    const { today, next, first } = known!;
    const from = [next, first].filter((day) => day !== null).sort()[0];
    if (from === undefined || from >= today) return;
    const to = new Date(today);
    const before = dayBefore(from);
    const stood = await readSnapshots({ em }, side, { from: before, to: before });
    const since = new Map(stood.map((day) => [day.currency, day]));
    // Where nothing stood before, nothing moved before: all is read.
    const asked = since.size ? { from, to, since } : { from: null, to, since: null };
    const days = await daysOfMovements({ em }, side, asked);
    await writeSnapshots({ em }, side, days.map(rowOf));
  });
}

export const dayBefore = (day: string) => new Date(Date.parse(day) - 86_400_000).toISOString().slice(0, 10);
