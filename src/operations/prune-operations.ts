import type { EntityManager } from '@mikro-orm/core';
import { runStatement } from '../database/run-statement.ts';

/** How long a key and its answer are kept, in hours, counted from the answer. Stripe keeps its own as long. */
const keptHours = 24;
const together = 1_000;

const statement = `
  with old as materialized (
    select id from operation
    where touched_at < now() - $1 * interval '1 hour' and phase <> 'ASKED'
    limit $2 for update skip locked
  )
  delete from operation using old where operation.id = old.id returning 1`;

/**
 * Removes operations that ended a day ago, or that a process left before Stripe was asked. One that Stripe was asked for stays
 * until it is finished.
 * @returns how many went.
 */
export async function pruneOperations({ em }: { em: EntityManager }): Promise<number> {
  let pruned = 0;
  for (;;) {
    const rows = await runStatement(em, statement, [keptHours, together]);
    pruned += rows.length;
    if (rows.length < together) return pruned;
  }
}

export const pruningOperationsLane = 'prune/operations';
