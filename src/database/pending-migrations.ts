import { readdir } from 'node:fs/promises';
import { migrationsFolder } from './open-orm.ts';
import { migrations } from './secure-tables.ts';
import { sqlStateOf } from './sql-state.ts';

const noSuchTable = '42P01';

/**
 * The migrations that the tables have not seen, by name. The files are only named: a start, which nearly always finds none, has no time
 * to load them.
 * @param run sends a statement, and answers its rows.
 */
export async function pendingMigrations(run: (sql: string) => Promise<{ name: string }[]>): Promise<string[]> {
  const files = await readdir(migrationsFolder);
  const names = files.flatMap((file) => /^(\w+)\.(?:js|ts)$/.exec(file)?.[1] ?? []);
  const done = await run(`select name from ${migrations}`).catch((failure) => {
    if (sqlStateOf(failure) === noSuchTable) return [];
    throw failure;
  });
  const known = new Set(done.map(({ name }) => name));
  return names.filter((name) => !known.has(name)).sort();
}
