import { createApp } from '../../src/app.ts';
import { createLog } from '../../src/log.ts';
import { benchOptions } from '../app-options.ts';

/** The product itself. `WORKER=off`: another process does the events' work. */
const app = await createApp({
  ...benchOptions,
  databaseUrl: process.env.DATABASE_URL!,
  encryptionKeys: [Buffer.from(process.env.ENCRYPTION_KEY!, 'base64')],
  stripeApiUrl: process.env.STRIPE_API_URL!,
  stripeReadsPerSecond: { TEST: 100, LIVE: 100 },
  worker: process.env.WORKER !== 'off',
  log: createLog('warn'),
});
process.send!({ url: await app.listen({ host: '127.0.0.1', port: 0 }) });
process.once('disconnect', () => process.exit());
