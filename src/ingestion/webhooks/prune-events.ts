import type { EntityManager } from '@mikro-orm/core';
import { runStatement } from '../../database/run-statement.ts';

/** How long an event is kept after it was done. Stripe itself keeps events for thirty days. */
const keptDays = 30;
const together = 1_000;

const statement = `
  with old as materialized (
    select seq from inbound_event where done_at < now() - $1 * interval '1 day' limit $2 for update skip locked
  )
  delete from inbound_event using old where inbound_event.seq = old.seq returning 1`;

/**
 * Removes events that were done more than thirty days ago, in small transactions. One that is not done stays, however old.
 * @returns how many went.
 */
export async function pruneEvents({ em }: { em: EntityManager }): Promise<number> {
  let pruned = 0;
  for (;;) {
    const rows = await runStatement(em, statement, [keptDays, together]);
    pruned += rows.length;
    if (rows.length < together) return pruned;
  }
}

/** The kind of lane that removes what is old. */
export const pruningLanePrefix = 'prune';
export const pruningLane = `${pruningLanePrefix}/webhook-events`;
