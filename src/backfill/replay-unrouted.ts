import type { EntityManager } from '@mikro-orm/core';
import { runStatement } from '../database/run-statement.ts';
import { wakeLanes } from '../lanes/wake-lanes.ts';

/**
 * Gives the events of a connection that belonged to no project another round: their objects may have one now, and may have
 * changed after they were listed.
 */
export async function replayUnrouted(em: EntityManager, connectionId: string): Promise<void> {
  const rows = await runStatement<{ lane_key: string }>(
    em,
    `with replayed as (
       update inbound_event set done_at = null, outcome = null
       where connection_id = $1 and outcome = 'unrouted' and lane_key is not null returning lane_key
     )
     select distinct lane_key from replayed`,
    [connectionId],
  );
  await wakeLanes(
    em,
    rows.map(({ lane_key }) => lane_key),
  );
}
