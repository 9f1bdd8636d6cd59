import { openOrm } from './open-orm.ts';
import { withScratchDatabase } from './scratch-database.ts';

/** `npm run migration -- name-of-the-change`: writes the next migration from the difference between entities and history. */
const name = process.argv[2];
if (!name) throw new Error('Say what changes: npm run migration -- add-invoices');

await withScratchDatabase(async (url) => {
  const orm = openOrm(url, { poolSize: 2 });
  await orm.migrator.up();
  const { fileName } = await orm.migrator.create(undefined, false, false, name);
  process.stdout.write(fileName ? `migrations/${fileName}\n` : 'Nothing to do: the tables fit the entities.\n');
  await orm.close();
});
