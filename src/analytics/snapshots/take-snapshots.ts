import type { EntityManager } from '@mikro-orm/core';
import { runStatement } from '../../database/run-statement.ts';
import type { Side } from '../../tenancy/teams/side.ts';
import { daysOfMovements } from './days-of-movements.ts';
import { knownSnapshots } from './last-true-day.ts';
import { lockSnapshots, readSnapshots, rowOf, writeSnapshots } from './snapshot-rows.ts';

/**
 * Makes the snapshots of a side that are missing, up to yesterday; and again those of days that were made before a movement of theirs was
 * written down, with all that came after.
 */
export async function takeSnapshots({ em }: { em: EntityManager }, side: Side): Promise<void> {
  const { projectId, environment } = side;
  await em.transactional(async (em) => {
    await lockSnapshots(em, side);
    const [known] = await runStatement<{ today: string; next: string | null; first: string | null }>(
      em,
      `select (now() at time zone 'UTC')::date::text as today, (day + 1)::text as next, coalesce(late, (
         select min(occurred_at at time zone 'UTC')::date from revenue_movement where project_id = $1 and environment = $2 and day is null
       ))::text as first from (${knownSnapshots}) known`,
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
