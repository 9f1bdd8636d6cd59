import { createApp } from './app.ts';
import { type Config, ConfigError, readConfig } from './config.ts';
import { createLog } from './log.ts';
import { setUp } from './set-up.ts';

/** How long a stop may take before the process ends all the same, in milliseconds. */
const patience = 9_000;

/** What is to be closed, the last one first. */
const closings: (() => Promise<void>)[] = [];

for (const signal of ['SIGTERM', 'SIGINT'] as const) process.once(signal, () => stop());
try {
  await start(readConfig(process.env));
} catch (failure) {
  const reason = failure instanceof ConfigError ? failure.message : (failure as Error).stack;
  process.stderr.write(`Billgraph cannot start. ${reason}\n`);
  process.exitCode = 1;
  await stop();
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
  const app = await createApp({
    ...config,
    databaseUrl: development?.databaseUrl ?? config.databaseUrl!,
    encryptionKeys: development?.encryptionKeys ?? config.encryptionKeys,
    stripeApiUrl,
    openIntrospection: !config.production,
    log,
  });
  closings.push(app.close);
  await app.listen(config);
  const project = await setUp(app, { stripe, stripeApiUrl, publicUrl: config.publicUrl });
  if (!development) return log.info({ url: config.publicUrl }, 'Billgraph is running');

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
  const tooLate = setTimeout(() => process.exit(1), patience).unref();
  for (const close of closings.splice(0).reverse()) await close();
  clearTimeout(tooLate);
}
