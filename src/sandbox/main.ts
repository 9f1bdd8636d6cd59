/** `npm run sandbox`: the sandbox alone, for this project or any other that speaks Stripe's API. */
import { join } from 'node:path';
import { env } from 'node:process';
import { pino } from 'pino';
import { startSandbox } from './start-sandbox.ts';

const log = pino();
const { DATABASE_URL, HOST, PORT = '12111', DATA_DIR = '.billgraph', PUBLIC_URL: publicUrl } = env;
const embedded = DATABASE_URL ? undefined : await startEmbedded(join(DATA_DIR, 'postgres'));
const sandbox = await startSandbox({
  databaseUrl: DATABASE_URL ?? embedded!.url,
  host: HOST,
  port: Number(PORT),
  publicUrl,
  logger: log,
});
log.info(
  `The Stripe sandbox answers at ${sandbox.url}. Try: curl ${sandbox.url}/v1/customers -u sk_test_sandbox: -d email=ada@example.com`,
);

for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, stop);

async function stop() {
  await sandbox.close();
  await embedded?.stop();
}

/** Only where no database is given: the embedded one is the one thing outside its folder that the sandbox knows. */
async function startEmbedded(directory: string) {
  const { startEmbeddedPostgres } = await import('../database/embedded-postgres.ts');
  return startEmbeddedPostgres(directory, { durable: true });
}
