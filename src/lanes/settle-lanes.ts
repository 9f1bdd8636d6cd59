import type { EntityManager } from '@mikro-orm/core';
import { runStatement } from '../database/run-statement.ts';
import { type ClaimedLane, laneChannel } from './lane-kind.ts';

const statement = `
  with held as materialized (
    select lane.key, lane.gen = mine.gen as clean
    from lane join unnest($1::text[], $2::bigint[], $3::bigint[]) as mine (key, token, gen)
      on lane.key = mine.key and lane.token = mine.token
    order by lane.key
    for update of lane
  ), cleaned as (
    delete from lane using held where lane.key = held.key and held.clean
  ), dirty as (
    update lane set owner = null, token = null, attempts = 0, last_error = null, run_at = now()
    from held where lane.key = held.key and not held.clean
  )
  select key, case when not clean then pg_notify('${laneChannel}', '') end from held`;

/**
 * Ends the round of lanes whose work is done: deletes them, or gives those free that were woken meanwhile.
 * @returns whether all were still ours. Where not, roll back: somebody else works the lane now, and our result may be old.
 */
export async function settleLanes(em: EntityManager, lanes: ClaimedLane[]): Promise<boolean> {
  const held = await runStatement(em, statement, [
    lanes.map(({ key }) => key),
    lanes.map(({ token }) => token),
    lanes.map(({ gen }) => gen),
  ]);
  return held.length === lanes.length;
}
