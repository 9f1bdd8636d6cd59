import type { EntityManager } from '@mikro-orm/core';
import { runStatement } from '../database/run-statement.ts';
import { isDatabaseTrouble } from '../database/sql-state.ts';
import { type ClaimedLane, type LaneKinds, mortalAttempts, NotYet, TryLater } from './lane-kind.ts';

export type FailedLane = { lane: ClaimedLane; failure: unknown };

const shortestWait = 50;
const longestWait = 60_000;
/** The database is back, or it is not: there is nobody to spare. */
const longestWaitForDatabase = 1_000;
const longestMessage = 2_000;

const statement = `
  with failed as (
    select * from unnest($1::text[], $2::bigint[], $3::bigint[], $4::text[], $5::float8[], $6::boolean[])
      as failed (key, token, gen, message, wait, mortal)
  ), held as materialized (
    select lane.key, failed.message, failed.wait, failed.mortal and lane.gen = failed.gen as dies
    from lane join failed on lane.key = failed.key and lane.token = failed.token
    order by lane.key
    for update of lane
  )
  update lane set owner = null, token = null, last_error = coalesce(held.message, lane.last_error),
    attempts = case when held.message is null then greatest(lane.attempts - 1, 0) else lane.attempts end,
    run_at = case when held.dies then 'infinity' else now() + held.wait * interval '1 millisecond' end
  from held where lane.key = held.key
  returning lane.key, held.dies`;

/**
 * Gives failed lanes free, to be tried again later, or dead where they failed too often and nothing new has arrived.
 * Lanes that are no longer ours are left alone. Call it in a transaction.
 * @returns the keys of those that died.
 */
export async function failLanes(em: EntityManager, kinds: LaneKinds, failed: FailedLane[]): Promise<string[]> {
  const rows = await runStatement<{ key: string; dies: boolean }>(em, statement, [
    failed.map(({ lane }) => lane.key),
    failed.map(({ lane }) => lane.token),
    failed.map(({ lane }) => lane.gen),
    failed.map(({ failure }) => (failure instanceof NotYet ? null : messageOf(failure))),
    failed.map(({ lane, failure }) => backOff(lane.attempts, failure)),
    failed.map(({ lane, failure }) => lane.attempts >= mortalAttempts && !isForgiven(failure)),
  ]);
  const dead = rows.filter(({ dies }) => dies).map(({ key }) => key);
  for (const [prefix, kind] of Object.entries(kinds)) {
    const keys = dead.filter((key) => key.startsWith(`${prefix}/`));
    if (keys.length) await kind.bury?.(em, keys);
  }
  return dead;
}

/** Milliseconds before the next try, spread so that lanes which failed together do not come back together. */
function backOff(attempts: number, failure: unknown): number {
  if (failure instanceof NotYet) return failure.milliseconds;
  const longest = isDatabaseTrouble(failure) ? longestWaitForDatabase : longestWait;
  return Math.min(longest, shortestWait * 2 ** (attempts - 1)) * (0.5 + Math.random());
}

/** A text that PostgreSQL can store, whatever was thrown. */
function messageOf(failure: unknown): string {
  const text = failure instanceof Error ? failure.message : String(failure);
  return text.replaceAll('\0', '').slice(0, longestMessage);
}

function isForgiven(failure: unknown): boolean {
  return failure instanceof TryLater || isDatabaseTrouble(failure);
}
