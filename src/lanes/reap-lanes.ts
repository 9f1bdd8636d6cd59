import type { EntityManager } from '@mikro-orm/core';
import { runStatement } from '../database/run-statement.ts';

/** The first number of the advisory locks that workers hold; the second one is the worker's `owner` id. */
export const workerLock = 7_001;

const statement = `
  with dead as materialized (
    select key from lane
    where owner is not null and not exists (
      select from pg_locks
      where locktype = 'advisory' and classid = ${workerLock} and objid = owner and objsubid = 2
        and database = (select oid from pg_database where datname = current_database())
    )
    order by key
    for update skip locked
  )
  update lane set owner = null from dead where lane.key = dead.key
  returning lane.key`;

/**
 * Frees the lanes of workers that are gone. The token stays: a worker that only lost its connection may still settle, unless
 * somebody claimed the lane since.
 * @returns how many lanes were freed.
 */
export async function reapLanes(em: EntityManager): Promise<number> {
  return (await runStatement(em, statement, [])).length;
}
