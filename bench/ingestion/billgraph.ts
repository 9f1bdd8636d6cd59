import { createApp } from '../../src/app.ts';
import { createLog } from '../../src/log.ts';

/** The product itself. `WORKER=off`: another process does the events' work. */
const app = await createApp({
  databaseUrl: process.env.DATABASE_URL!,
  databasePoolSize: 10,
  encryptionKeys: [Buffer.from(process.env.ENCRYPTION_KEY!, 'base64')],
  stripeApiUrl: process.env.STRIPE_API_URL!,
  stripeReadsPerSecond: { TEST: 100, LIVE: 100 },
  corsOrigins: [],
  publicUrl: 'http://localhost',
  trustedOrigins: [],
  allowPrivateAddresses: false,
  openIntrospection: false,
  worker: process.env.WORKER !== 'off',
  schedules: false,
  log: createLog('warn'),
});
process.send!({ url: await app.listen({ host: '127.0.0.1', port: 0 }) });
process.once('disconnect', () => process.exit());
