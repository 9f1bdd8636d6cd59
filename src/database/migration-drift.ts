import { openOrm } from './open-orm.ts';
import { withScratchDatabase } from './scratch-database.ts';
import { viewChanges } from './view-changes.ts';

/** `npm run check:migrations`: the migrations, run on an empty database, must make exactly the tables and views that are described. */
await withScratchDatabase(async (url) => {
  const orm = openOrm(url, { poolSize: 2 });
  await orm.migrator.up();
  const { before, after } = await viewChanges(orm);
  const missing = [await orm.schema.getUpdateSchemaSQL({ wrap: false }), ...before, ...after].join('\n');
  await orm.close();
  if (!missing.trim()) return;
  process.stderr.write(
    `The migrations do not make what the entities and views describe. Missing:\n${missing}\nRun \`npm run migration -- name-of-the-change\`.\n`,
  );
  process.exitCode = 1;
});
