import { randomInt } from 'node:crypto';
import type { EntityManager } from '@mikro-orm/core';
import { runStatement } from '../database/run-statement.ts';
import type { ClaimedLane } from './lane-kind.ts';

const statement = `
  with due as materialized (
    select key from lane
    where run_at <= now() and owner is null and split_part(key, '/', 1) = any($3)
    order by run_at limit $4
    for update skip locked
  )
  update lane set owner = $1, token = $2, attempts = attempts + 1
  from due where lane.key = due.key
  returning lane.key, lane.gen, lane.token, lane.attempts`;

/**
 * Claims lanes that are due, the longest waiting first. Whoever holds a lane's previous token can settle it no more.
 * Lanes of kinds that this worker does not know are left to one that does.
 */
export async function claimLanes(
  em: EntityManager,
  { owner, kinds, limit }: { owner: number; kinds: string[]; limit: number },
): Promise<ClaimedLane[]> {
  return runStatement<ClaimedLane>(em, statement, [owner, randomInt(1, 2 ** 48 - 1), kinds, limit]);
}
