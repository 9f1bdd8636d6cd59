import type { EntityManager } from '@mikro-orm/core';
import { runStatement } from '../database/run-statement.ts';
import { workerLock } from './reap-lanes.ts';

/** How many workers live now, in every process: each holds an advisory lock. */
export async function countWorkers(em: EntityManager): Promise<number> {
  const [row] = await runStatement<{ count: number }>(
    em,
    `select count(*)::int as count from pg_locks
     where locktype = 'advisory' and classid = ${workerLock} and objsubid = 2 and granted
       and database = (select oid from pg_database where datname = current_database())`,
    [],
  );
  return row!.count;
}
