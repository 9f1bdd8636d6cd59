import { openOrm } from './open-orm.ts';
import { locks, withLock } from './with-lock.ts';

/** Brings the tables up to date. Processes that start together wait for the one that does it. */
export async function migrate(url: string): Promise<void> {
  const orm = openOrm(url, { poolSize: 2 });
  try {
    await withLock(url, locks.migrate, async () => void (await orm.migrator.up()));
  } finally {
    await orm.close();
  }
}
