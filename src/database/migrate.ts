import type { MikroORM } from '@mikro-orm/postgresql';
import { openOrm } from './open-orm.ts';
import { migrations, type RowSecurity, secureTables } from './secure-tables.ts';
import { locks, withLock } from './with-lock.ts';

/**
 * Brings the tables up to date, and the server's rights on them. Processes that start together wait for the one that does it.
 * @returns how policies are made to hold.
 */
export async function migrate(url: string): Promise<RowSecurity> {
  const orm = openOrm(url, { poolSize: 2 });
  try {
    return await withLock(url, locks.migrate, async () => {
      await orm.migrator.up();
      return secureTables(url, tablesOf(orm));
    });
  } finally {
    await orm.close();
  }
}

const tablesOf = (orm: MikroORM) => [migrations, ...[...orm.getMetadata()].map(({ tableName }) => tableName)];
