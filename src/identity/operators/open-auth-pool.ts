import { Kysely, PostgresDialect } from 'kysely';
import pg from 'pg';
import { mendPool } from '../../database/mend-pool.ts';
import { introduction } from '../../database/reach.ts';

const int8 = 20;

/** Sign-ins and sessions need few connections at a time. */
const connections = 3;

/**
 * better-auth's own connections. MikroORM's would give it instants as text, and then an expired session is taken for a valid one;
 * and pg alone gives it whole numbers of 8 bytes as text.
 */
export function openAuthPool(
  url: string,
  { role }: { role: string | null },
): { db: Kysely<unknown>; close(): Promise<void> } {
  const introduce = introduction('every tenant', role);
  const pool = new pg.Pool({
    connectionString: url,
    onConnect: (client) => client.query(introduce) as never,
    max: connections,
    connectionTimeoutMillis: 5_000,
    query_timeout: 15_000,
    types: { getTypeParser: (oid, format) => (oid === int8 ? Number : pg.types.getTypeParser(oid, format)) as never },
  });
  // A connection that dies is replaced by the next one. Its statement fails; without a listener, so would the process: the pool
  // listens to connections that nobody uses alone, and kysely gives those back too late, or never, that die in a transaction.
  pool.on('error', () => {});
  pool.on('connect', (client) => client.on('error', () => {}));
  mendPool(pool);
  const db = new Kysely<unknown>({ dialect: new PostgresDialect({ pool }) });
  return { db, close: () => pool.end() };
}
