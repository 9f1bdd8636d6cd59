/** `npm run sandbox`: the sandbox alone, for this project or any other that speaks Stripe's API. */
import { join } from 'node:path';
import { env } from 'node:process';
import { pino } from 'pino';
import { startSandbox } from './start-sandbox.ts';

const log = pino();
const { DATABASE_URL, HOST, PORT = '12111', DATA_DIR = '.billgraph', PUBLIC_URL: publicUrl, RETRY_SCHEDULE } = env;
const embedded = DATABASE_URL ? undefined : await startEmbedded(join(DATA_DIR, 'postgres'));
const sandbox = await startSandbox({
  databaseUrl: DATABASE_URL ?? embedded!.url,
  host: HOST,
  port: Number(PORT),
  publicUrl,
  retrySchedule: RETRY_SCHEDULE === undefined ? undefined : milliseconds(RETRY_SCHEDULE),
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

/** `RETRY_SCHEDULE=1000,5000`: when a webhook is tried again. */
function milliseconds(list: string): number[] {
  const waits = list.split(',').map(Number);
  if (waits.every((wait) => Number.isInteger(wait) && wait >= 0)) return waits;
  throw new Error(`RETRY_SCHEDULE must be milliseconds with commas between, such as 1000,5000; it is ${list}`);
}

/** Only where no database is given: the embedded one is the one thing outside its folder that the sandbox knows. */
async function startEmbedded(directory: string) {
  const { startEmbeddedPostgres } = await import('../database/embedded-postgres.ts');
  return startEmbeddedPostgres(directory, { durable: true });
}
