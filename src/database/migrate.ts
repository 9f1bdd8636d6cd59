import type { MikroORM } from '@mikro-orm/postgresql';
import type pg from 'pg';
import { openOrm } from './open-orm.ts';
import { pendingMigrations } from './pending-migrations.ts';
import { migrations, type RowSecurity, type ServerLogin, secureTables } from './secure-tables.ts';
import { locks, withLock } from './with-lock.ts';

/**
 * Brings the tables up to date, and the server's rights on them. Processes that start together wait for the one that does it. A login
 * that owns no table finds them as they should be.
 * @param url of the owner, or of who becomes it.
 * @param orm names the tables; it is not asked to connect.
 * @param login of the server, where it is another one.
 * @returns how policies are made to hold.
 * @throws where the tables are behind, and the login may not change them.
 */
export async function migrate(
  url: string,
  orm: MikroORM = openOrm(url, { poolSize: 1 }),
  login?: ServerLogin,
): Promise<RowSecurity> {
  const tables = [migrations, ...[...orm.getMetadata()].map(({ tableName }) => tableName)];
  return withLock(url, locks.migrate, async (client) => {
    const pending = await pendingMigrations(async (sql) => (await client.query<{ name: string }>(sql)).rows);
    if (await isOfAnother(client)) {
      if (!pending.length) return { role: null, bound: 'login' };
      throw new Error(
        `The tables lack ${pending.join(', ')}, and the login of DATABASE_URL may not change them. Set DATABASE_MIGRATION_URL, or run npm run migrate with it.`,
      );
    }
    if (pending.length) await runMigrations(url);
    return secureTables(client, tables, login);
  });
}

/** Whether the tables are there, and belong to whom this login does not speak for. */
async function isOfAnother(client: pg.Client): Promise<boolean> {
  const { rows } = await client.query<{ another: boolean }>(
    `select not pg_has_role(relowner, 'usage') as another from pg_class
     where relnamespace = current_schema()::regnamespace and relname = $1`,
    [migrations],
  );
  return rows[0]?.another ?? false;
}

/** Whom the server logs in as, where `migrationUrl` names somebody else. */
export function serverLoginOf(url: string, migrationUrl: string): ServerLogin | undefined {
  const [server, owner] = [new URL(url), new URL(migrationUrl)];
  if (server.username === owner.username) return undefined;
  return { name: decodeURIComponent(server.username), password: decodeURIComponent(server.password) };
}

/** As the login itself, which owns the tables. */
async function runMigrations(url: string): Promise<void> {
  const orm = openOrm(url, { poolSize: 2 });
  try {
    await orm.migrator.up();
  } finally {
    await orm.close();
  }
}
