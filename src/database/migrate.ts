import type { MikroORM } from '@mikro-orm/postgresql';
import { openOrm } from './open-orm.ts';
import { pendingMigrations } from './pending-migrations.ts';
import { migrations, type RowSecurity, secureTables } from './secure-tables.ts';
import { locks, withLock } from './with-lock.ts';

/**
 * Brings the tables up to date, and the server's rights on them. Processes that start together wait for the one that does it.
 * @param orm names the tables; it is not asked to connect.
 * @returns how policies are made to hold.
 */
export async function migrate(url: string, orm: MikroORM = openOrm(url, { poolSize: 1 })): Promise<RowSecurity> {
  const tables = [migrations, ...[...orm.getMetadata()].map(({ tableName }) => tableName)];
  return withLock(url, locks.migrate, async (client) => {
    const pending = await pendingMigrations(async (sql) => (await client.query<{ name: string }>(sql)).rows);
    if (pending.length) await runMigrations(url);
    return secureTables(client, tables);
  });
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
