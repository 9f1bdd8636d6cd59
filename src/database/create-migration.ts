import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { openOrm } from './open-orm.ts';
import { withScratchDatabase } from './scratch-database.ts';
import { type ViewChanges, viewChanges } from './view-changes.ts';

/** `npm run migration -- name-of-the-change`: writes the next migration from the difference between entities, views and history. */
const name = process.argv[2];
if (!name) throw new Error('Say what changes: npm run migration -- add-invoices');

await withScratchDatabase(async (url) => {
  const orm = openOrm(url, { poolSize: 2 });
  await orm.migrator.up();
  const changes = await viewChanges(orm);
  let { fileName } = await orm.migrator.create(undefined, false, false, name);
  if (!fileName && changes.after.length) ({ fileName } = await orm.migrator.create(undefined, true, false, name));
  if (fileName) {
    const file = join(import.meta.dirname, '../../migrations', fileName);
    forwardOnly(file);
    withViews(file, changes);
  }
  process.stdout.write(fileName ? `migrations/${fileName}\n` : 'Nothing to do: the tables fit the entities.\n');
  await orm.close();
});

/** History goes forward: what was dropped does not come back by a migration down. */
function forwardOnly(file: string) {
  const text = readFileSync(file, 'utf8');
  writeFileSync(file, text.replace(/\n\s*override down\(\)[\s\S]*?\n {2}}\n/, ''));
}

/** Views stand on tables: they are dropped before those change, and made after. */
function withViews(file: string, { before, after }: ViewChanges) {
  const add = (statement: string) => `    this.addSql(\`${statement.replaceAll('\\', '\\\\')}\`);\n`;
  const up = /(override up\(\)[^{]*{\n)([\s\S]*?)(\n {2}})/;
  const changed = readFileSync(file, 'utf8')
    .replace('    this.addSql(`select 1`);\n', '\n')
    .replace(up, (_, head, body, end) => `${head}${before.map(add).join('')}${body}\n${after.map(add).join('')}${end}`);
  writeFileSync(file, changed);
}
