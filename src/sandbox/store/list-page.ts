import type pg from 'pg';
import type { ObjectName } from '../objects.ts';

/** The parameters that every list takes. */
export interface PageParameters {
  limit?: number;
  starting_after?: string;
  ending_before?: string;
  created?: { gt?: number; gte?: number; lt?: number; lte?: number };
}

/** Fields, by dotted path, and the value, one of the values, or the list entry they must have, or whether they are `null`; `undefined` asks nothing. */
export type Where = Record<
  string,
  string | boolean | readonly string[] | { contains: object } | { missing: boolean } | undefined
>;

/** The position of an object in its list: newest first by `created`, and by insertion within one second. */
export interface Position {
  created: string;
  seq: string;
}

/** Where an object stands in its list, deleted ones too; `undefined` where there never was one. */
export async function positionOf(db: Pick<pg.ClientBase, 'query'>, account: string, name: ObjectName, id: string) {
  const { rows } = await db.query<Position>(
    'select created, seq from sandbox.object where account = $1 and object = $2 and id = $3',
    [account, name, id],
  );
  return rows[0];
}

/** The statement for the objects of one kind, newest first; `after` and `before` are positions that bound them. */
export function listStatement(
  account: string,
  name: ObjectName,
  where: Where,
  {
    created = {},
    limit,
    after,
    before,
    condition,
  }: Pick<PageParameters, 'created' | 'limit'> & Partial<Record<'after' | 'before', Position>> & { condition?: string },
) {
  const values: unknown[] = [account, name];
  const bind = (value: unknown) => `$${values.push(value)}`;
  const conditions = ['account = $1', 'object = $2', 'not deleted'];
  for (const [path, value] of Object.entries(where)) {
    if (value === undefined) continue;
    if (typeof value === 'object' && 'missing' in value) {
      conditions.push(`${field(path)} is ${value.missing ? 'null' : 'not null'}`);
    } else if (typeof value === 'object' && 'contains' in value) {
      conditions.push(`data#>'{${path.replaceAll('.', ',')}}' @> ${bind(JSON.stringify([value.contains]))}`);
    } else {
      conditions.push(
        Array.isArray(value) ? `${field(path)} = any(${bind(value)})` : `${field(path)} = ${bind(String(value))}`,
      );
    }
  }
  for (const [bound, operator] of [
    ['gt', '>'],
    ['gte', '>='],
    ['lt', '<'],
    ['lte', '<='],
  ] as const) {
    if (created[bound] !== undefined) conditions.push(`created ${operator} ${bind(created[bound])}`);
  }
  if (condition) conditions.push(condition);
  if (after) conditions.push(`(created, seq) < (${bind(after.created)}, ${bind(after.seq)})`);
  if (before) conditions.push(`(created, seq) > (${bind(before.created)}, ${bind(before.seq)})`);
  const direction = before ? 'asc' : 'desc';
  const text = `select id, data from sandbox.object where ${conditions.join(' and ')}
    order by created ${direction}, seq ${direction} ${limit === undefined ? '' : `limit ${bind(limit)}`}`;
  return { text, values };
}

/** Paths are ours, never a request's: they become SQL, spelled as in the indexes. */
function field(path: string): string {
  const steps = path.split('.');
  return steps.length === 1 ? `data->>'${path}'` : `data#>>'{${steps.join(',')}}'`;
}
