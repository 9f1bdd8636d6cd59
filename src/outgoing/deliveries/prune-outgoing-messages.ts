import type { EntityManager } from '@mikro-orm/core';
import { runStatement } from '../../database/run-statement.ts';

/** How long a message is kept, with its deliveries. One that is still on its way stays. */
const keptDays = 30;
const together = 1_000;

/**
 * Removes messages that are older than thirty days, in small transactions, and then deleted endpoints that no delivery speaks of.
 * @returns how many messages went.
 */
export async function pruneOutgoingMessages({ em }: { em: EntityManager }): Promise<number> {
  for (let pruned = 0; ; ) {
    const rows = await runStatement(
      em,
      `with old as materialized (
         select m.id from outgoing_message m
         where m.created_at < now() - $1 * interval '1 day'
           and not exists (select from outgoing_delivery d where d.message_id = m.id and d.status = 'PENDING')
         limit $2 for update skip locked
       )
       delete from outgoing_message m using old where m.id = old.id returning 1`,
      [keptDays, together],
    );
    pruned += rows.length;
    if (rows.length === together) continue;
    await runStatement(
      em,
      `delete from outgoing_endpoint e where e.deleted_at < now() - $1 * interval '1 day'
         and not exists (select from outgoing_delivery d where d.endpoint_id = e.id)`,
      [keptDays],
    );
    return pruned;
  }
}

export const outgoingPruningPrefix = 'prune-outgoing';
export const outgoingPruningLane = `${outgoingPruningPrefix}/messages`;
