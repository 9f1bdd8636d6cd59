import type { EntityManager } from '@mikro-orm/core';
import type { AbstractSqlConnection } from '@mikro-orm/postgresql';
import { CompiledQuery, type ControlledTransaction } from 'kysely';

/**
 * Runs one statement with parameters `$1`, `$2` …, inside the EntityManager's transaction where it has one, for its tenant.
 * (em.execute writes the values into the text instead of sending them apart.) Timestamps come back as text.
 */
export async function runStatement<Row = unknown>(em: EntityManager, text: string, values: unknown[]): Promise<Row[]> {
  const connection = em.getConnection() as unknown as AbstractSqlConnection;
  return em.withSessionContext(em.getTransactionContext(), async (transaction?: ControlledTransaction<unknown>) => {
    const { rows } = await (transaction ?? connection.getClient()).executeQuery(CompiledQuery.raw(text, values));
    return rows as Row[];
  });
}
