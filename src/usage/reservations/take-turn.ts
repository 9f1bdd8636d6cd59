import type { EntityManager } from '@mikro-orm/core';
import { runStatement } from '../../database/run-statement.ts';

/**
 * Makes whoever decides about a customer's usage of a meter wait for his turn, until the transaction ends. What is read after it is what the
 * one before left: of two that would pass a limit together, the second is refused.
 * @returns the time when the turn came, by the database's clock, which is one for all processes.
 */
export async function takeTurn(em: EntityManager, customerId: string, meterId: string): Promise<Date> {
  const [row] = await runStatement<{ now: string }>(
    em,
    `with turn as materialized (select pg_advisory_xact_lock(hashtextextended($1, 0))) select clock_timestamp() as now from turn`,
    [`usage/${customerId}/${meterId}`],
  );
  return new Date(row!.now);
}
