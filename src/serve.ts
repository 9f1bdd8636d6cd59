import { openApp } from './app.ts';
import { type Config, ConfigError, readConfig } from './config.ts';
import { waitForDatabase } from './database/wait-for-database.ts';
import { Operator } from './identity/operators/operator.entity.ts';
import { createLog } from './log.ts';
import { setUp } from './set-up.ts';

/** How long a stop may take before the process ends all the same, in milliseconds. */
const patience = 9_000;

/** What is to be closed, the last one first. */
const closings: (() => Promise<void>)[] = [];

/** Aborted when a stop is asked for: nobody waits for a database any more. */
const leaving = new AbortController();

/** Ends when everything is open, or the start has failed: a stop that is asked for meanwhile waits for it. */
let starting: Promise<unknown> | undefined;

for (const signal of ['SIGTERM', 'SIGINT'] as const) process.once(signal, () => stop());
try {
  starting = start(readConfig(process.env));
  await starting;
} catch (failure) {
  if (!leaving.signal.aborted) {
    process.stderr.write(`Billgraph cannot start. ${reasonOf(failure)}\n`);
    process.exitCode = 1;
  }
  await stop();
}

function reasonOf(failure: unknown) {
  if (failure instanceof ConfigError) return failure.message;
  const { code, address, port, stack } = failure as NodeJS.ErrnoException & { address?: string; port?: number };
  if (code !== 'EADDRINUSE') return stack;
  return `Another process listens on ${address}:${port}. Stop it, or set PORT or SANDBOX_PORT to another port.`;
}

async function start(config: Config) {
  const log = createLog(config.logLevel);
  const { startDevelopment } = config.production ? {} : await import('./development/start-development.ts');
  const development = await startDevelopment?.(config, log);
  if (development) {
    closings.push(development.stop);
    stopWhenOrphaned();
  }

  const stripe = development?.sandbox ? { TEST: development.sandbox.keys, LIVE: undefined } : config.stripe;
  const stripeApiUrl = development?.sandbox?.url ?? config.stripeApiUrl;
  const databaseUrl = development?.databaseUrl ?? config.databaseUrl!;
  const opened = await openApp({
    ...config,
    databaseUrl,
    encryptionKeys: development?.encryptionKeys ?? config.encryptionKeys,
    stripeApiUrl,
    openIntrospection: !config.production,
    signal: leaving.signal,
    log,
  });
  closings.push(opened.close);
  await opened.listen(config);
  await opened.answerWaiting();
  // From here on stacks name lines of the sources. Before, reading the bundle's maps would cost a quarter of the start.
  process.setSourceMapsEnabled(true);
  const app = await opened.complete();
  const settings = { stripe, stripeApiUrl, publicUrl: config.publicUrl, databaseUrl };
  const { signal } = leaving;
  const project = await waitForDatabase({ log, signal }, () => setUp(app, settings));
  if (!development) {
    // A link that lets somebody in is nothing for a log: the terminal prints it.
    const operators = await waitForDatabase({ log, signal }, () => app.orm.em.fork().count(Operator));
    if (!operators) log.warn('There is no operator yet: run `npm run operator`');
    return log.info({ url: config.publicUrl }, 'Billgraph is running');
  }

  const { greet } = await import('./development/greet.ts');
  process.stdout.write(await greet(app, project, config, development));
}

/** `npm start` runs a shell between npm and us, which a SIGTERM ends without a word: then we are somebody else's child. */
function stopWhenOrphaned() {
  const parent = process.ppid;
  const watch = setInterval(() => {
    if (process.ppid === parent) return;
    clearInterval(watch);
    stop();
  }, 250).unref();
}

async function stop() {
  leaving.abort();
  const tooLate = setTimeout(() => process.exit(1), patience).unref();
  await starting?.catch(() => {});
  for (const close of closings.splice(0).reverse()) {
    await close().catch((failure) => {
      process.stderr.write(`Not everything was closed. ${(failure as Error).message}\n`);
      process.exitCode = 1;
    });
  }
  clearTimeout(tooLate);
}
