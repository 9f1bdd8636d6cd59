import type { EntityManager } from '@mikro-orm/core';
import type { AbstractSqlConnection } from '@mikro-orm/postgresql';
import { CompiledQuery, type ControlledTransaction } from 'kysely';

/**
 * Runs one statement with parameters `$1`, `$2` …, inside the EntityManager's transaction where it has one, for its tenant.
 * (em.execute writes the values into the text instead of sending them apart.) Timestamps come back as text.
 * @param statement its text; or with a name, under which it stays prepared on the connection.
 */
export async function runStatement<Row = unknown>(
  em: EntityManager,
  statement: string | { name: string; text: string },
  values: unknown[],
): Promise<Row[]> {
  const connection = em.getConnection() as unknown as AbstractSqlConnection;
  return em.withSessionContext(em.getTransactionContext(), async (transaction?: ControlledTransaction<unknown>) => {
    // kysely hands it to the driver as it is, which takes both.
    const query = CompiledQuery.raw(statement as string, values);
    const { rows } = await (transaction ?? connection.getClient()).executeQuery(query);
    return rows as Row[];
  });
}
