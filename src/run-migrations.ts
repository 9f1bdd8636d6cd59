import { ConfigError, readDatabaseUrls } from './config.ts';
import { migrate, serverLoginOf } from './database/migrate.ts';

/**
 * `npm run migrate`: brings the tables up to date as their owner, and gives the server's login its rights, so that the server itself
 * never knows the owner's password. Where DATABASE_MIGRATION_URL is set for the server, its start does the same.
 */
try {
  await run();
} catch (failure) {
  process.stderr.write(`${failure instanceof ConfigError ? failure.message : (failure as Error).stack}\n`);
  process.exitCode = failure instanceof ConfigError ? 2 : 1;
}

async function run(): Promise<void> {
  // biome-ignore lint/style/noProcessEnv: this is a process, which hands its environment to config.ts
  const { databaseUrl, databaseMigrationUrl } = readDatabaseUrls(process.env);
  const owner = databaseMigrationUrl ?? databaseUrl;
  await migrate(owner, undefined, serverLoginOf(databaseUrl, owner));
  process.stdout.write('The tables are up to date.\n');
}
