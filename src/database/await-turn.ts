import type { EntityManager } from '@mikro-orm/core';
import { runStatement } from './run-statement.ts';

/**
 * Makes whoever decides about the same thing wait for his turn, until the transaction ends. What is read after it is what the one before
 * left.
 * @returns the time when the turn came, by the database's clock, which is one for all processes.
 */
export async function awaitTurn(em: EntityManager, key: string): Promise<Date> {
  const [row] = await runStatement<{ now: string }>(
    em,
    `with turn as materialized (select pg_advisory_xact_lock(hashtextextended($1, 0))) select clock_timestamp() as now from turn`,
    [key],
  );
  return new Date(row!.now);
}
