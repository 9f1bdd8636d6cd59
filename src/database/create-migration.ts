import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { openOrm } from './open-orm.ts';
import { withScratchDatabase } from './scratch-database.ts';

/** `npm run migration -- name-of-the-change`: writes the next migration from the difference between entities and history. */
const name = process.argv[2];
if (!name) throw new Error('Say what changes: npm run migration -- add-invoices');

await withScratchDatabase(async (url) => {
  const orm = openOrm(url, { poolSize: 2 });
  await orm.migrator.up();
  const { fileName } = await orm.migrator.create(undefined, false, false, name);
  if (fileName) forwardOnly(join(import.meta.dirname, '../../migrations', fileName));
  process.stdout.write(fileName ? `migrations/${fileName}\n` : 'Nothing to do: the tables fit the entities.\n');
  await orm.close();
});

/** History goes forward: what was dropped does not come back by a migration down. */
function forwardOnly(file: string) {
  const text = readFileSync(file, 'utf8');
  writeFileSync(file, text.replace(/\n\s*override down\(\)[\s\S]*?\n {2}}\n/, ''));
}
