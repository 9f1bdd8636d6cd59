import type { AppOptions } from '../src/app-options.ts';

/** The product as measurements run it: alone, without a worker, and with a Stripe that nobody asks. */
export const benchOptions = {
  databasePoolSize: 10,
  stripeApiUrl: 'http://127.0.0.1:1',
  stripeReadsPerSecond: { TEST: 10_000, LIVE: 10_000 },
  corsOrigins: [],
  publicUrl: 'http://localhost:4000',
  trustedOrigins: [],
  openIntrospection: false,
  allowPrivateAddresses: false,
  worker: false,
  schedules: false,
} satisfies Partial<AppOptions>;
