import type { MikroORM } from '@mikro-orm/postgresql';
import type { Pool } from 'pg';
import { valuesOf } from '../database/reach.ts';
import type { Row } from './fold.ts';
import type { Request, Statement } from './print.ts';
import { TenantQuery } from './tenant-query.ts';

/** Names live as long as a connection, on both sides of it. Statements beyond these are planned at each execution. */
const mostNames = 1_000;

/** Nothing is parsed by the driver: a value is PostgreSQL's text until a column decodes it. */
const types = { getTypeParser: () => (text: string) => text };

/**
 * Executes statements over MikroORM's own pool, prepared under a name from their second use on: most documents come again, and
 * those that do not shall not use up the names.
 * @param tools.walled whether the connections are such as reach one tenant at a time, which each statement then names.
 */
export function createExecutor({ orm, walled }: { orm: MikroORM; walled: boolean }) {
  const names = new Map<string, string>();
  const used = new WeakSet<Statement>();
  let pool: Pool | undefined;

  const nameOf = (statement: Statement) => {
    const known = names.get(statement.text);
    if (known || !used.has(statement) || names.size >= mostNames) {
      used.add(statement);
      return known;
    }
    const name = `read_${names.size}`;
    names.set(statement.text, name);
    return name;
  };

  return async (statement: Statement, request: Request): Promise<Row[]> => {
    pool ??= await orm.em.getConnection().getNativeClient();
    const values = statement.parameters.map((parameter) => parameter(request));
    const query = { name: nameOf(statement), text: statement.text, values, rowMode: 'array' as const, types };
    const asked = walled ? (new TenantQuery(query, valuesOf(request.scope)) as unknown as typeof query) : query;
    return (await pool.query(asked)).rows;
  };
}
