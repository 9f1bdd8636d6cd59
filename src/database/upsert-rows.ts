import type { EntityManager } from '@mikro-orm/core';
import { runPrepared } from './run-prepared.ts';

/** A row by its columns. All rows of one call have the same columns. */
export type ColumnValues = Record<string, unknown> & { id: string };

/**
 * Inserts rows, or updates those that exist, in one statement. `updated_at` moves only where something else than the columns
 * in `silent` changes.
 * @param into.key the columns of a unique constraint, by which a row exists.
 * @param into.kept columns that an update leaves alone, besides the key, `id` and `created_at`.
 * @param into.guard a condition for the update, in which the table has its own name and the new row is `excluded`.
 * @returns the ids of the rows that were written.
 */
export async function upsertRows(
  em: EntityManager,
  into: { table: string; key: string[]; kept: string[]; silent?: string[]; guard?: string },
  rows: ColumnValues[],
): Promise<string[]> {
  if (!rows.length) return [];
  const columns = Object.keys(rows[0]!);
  const updated = columns.filter((column) => !['id', 'created_at', ...into.key, ...into.kept].includes(column));
  const compared = updated.filter((column) => column !== 'updated_at' && !into.silent?.includes(column));
  const tuple = (of: string) => `(${compared.map((column) => `${of}.${column}`).join(', ')})`;
  const set = updated.map((column) =>
    column === 'updated_at'
      ? `updated_at = case when ${tuple(into.table)} is distinct from ${tuple('excluded')} then excluded.updated_at else ${into.table}.updated_at end`
      : `${column} = excluded.${column}`,
  );
  const written = await runPrepared<{ id: string }>(
    em,
    `insert into ${into.table} (${columns.join(', ')})
     select ${columns.join(', ')} from json_populate_recordset(null::${into.table}, $1)
     order by ${into.key.join(', ')}
     on conflict (${into.key.join(', ')}) do update set ${set.join(', ')}
     ${into.guard ? `where ${into.guard}` : ''}
     returning id`,
    [JSON.stringify(rows)],
  );
  return written.map(({ id }) => id);
}
