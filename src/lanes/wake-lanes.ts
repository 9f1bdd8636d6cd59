import type { EntityManager } from '@mikro-orm/core';
import { runStatement } from '../database/run-statement.ts';
import { laneChannel } from './lane-kind.ts';

/**
 * What happens to a lane that exists: its generation grows, so that whoever works it comes back. One that waits for its
 * time takes the earlier one, one that waits after a failure goes on waiting, and a dead one lives again.
 *
 * It is an update, never `do nothing`: the row stays locked until the work that it announces is committed.
 */
export const onLaneThatExists = `on conflict (key) do update set
  gen = lane.gen + 1,
  attempts = case when lane.run_at = 'infinity' then 0 else lane.attempts end,
  run_at = case
    when lane.run_at = 'infinity' then excluded.run_at
    when lane.attempts = 0 then least(lane.run_at, excluded.run_at)
    else lane.run_at end`;

const statement = `
  with woken as (
    insert into lane (key, run_at)
    select key, coalesce($2::timestamptz, now()) from unnest($1::text[]) as key group by key order by key
    ${onLaneThatExists}
    returning 1
  )
  select pg_notify('${laneChannel}', '') from woken where $2 is null limit 1`;

/**
 * Marks lanes dirty, in the EntityManager's transaction: they are worked after it commits. Call it once in a transaction,
 * with all keys: rows are locked in the order of keys, so that no two transactions wait for each other.
 * @param runAt not before this instant; now by default.
 */
export async function wakeLanes(em: EntityManager, keys: string[], runAt?: Date): Promise<void> {
  if (keys.length) await runStatement(em, statement, [keys, runAt?.toISOString() ?? null]);
}
