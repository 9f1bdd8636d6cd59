import { runStatement } from '../../database/run-statement.ts';
import type { SyncTools } from './seen.ts';

/**
 * Locks rows of a mirrored table until the transaction ends, in the order of their ids. What is read of them afterwards is what
 * they are. Rows that refer to them may be inserted meanwhile.
 * @param of.condition which rows; its parameters are `values`, from `$2` on.
 */
export async function lockRows(
  { em, connection }: Pick<SyncTools, 'em' | 'connection'>,
  of: { table: string; condition: string; values: unknown[] },
): Promise<void> {
  await runStatement(
    em,
    `select from ${of.table} where connection_id = $1 and (${of.condition}) order by id for no key update`,
    [connection.id, ...of.values],
  );
}
