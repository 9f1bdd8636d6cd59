import pg from 'pg';
import { openOrm } from './open-orm.ts';

/** Any number, as long as every process takes the same one: the lock under which one process migrates. */
const migrationLock = 7_000;

/** Brings the tables up to date. Processes that start together wait for the one that does it. */
export async function migrate(url: string): Promise<void> {
  const lock = new pg.Client(url);
  await lock.connect();
  const orm = openOrm(url, { poolSize: 2 });
  try {
    await lock.query('select pg_advisory_lock($1)', [migrationLock]);
    await orm.migrator.up();
  } finally {
    await orm.close();
    await lock.end();
  }
}
