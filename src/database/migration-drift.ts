import { openOrm } from './open-orm.ts';
import { withScratchDatabase } from './scratch-database.ts';

/** `npm run check:migrations`: the migrations, run on an empty database, must make exactly the tables that the entities describe. */
await withScratchDatabase(async (url) => {
  const orm = openOrm(url, { poolSize: 2 });
  await orm.migrator.up();
  const missing = await orm.schema.getUpdateSchemaSQL({ wrap: false });
  await orm.close();
  if (!missing.trim()) return;
  process.stderr.write(
    `The migrations do not make what the entities describe. Missing:\n${missing}\nRun \`npm run migration -- name-of-the-change\`.\n`,
  );
  process.exitCode = 1;
});
