import { randomBytes } from 'node:crypto';
import { createApp } from '../src/app.ts';
import { limitsWith } from '../src/limits/limit-classes.ts';
import { createLog } from '../src/log.ts';

/** Starts the product as a contender, without its worker. */
export async function serveBillgraph({ rowLevelSecurity }: { rowLevelSecurity: boolean }): Promise<void> {
  const app = await createApp({
    databaseUrl: process.env.DATABASE_URL!,
    databasePoolSize: 10,
    encryptionKeys: [randomBytes(32)],
    stripeApiUrl: 'http://127.0.0.1:1',
    stripeReadsPerSecond: { TEST: 10_000, LIVE: 10_000 },
    corsOrigins: [],
    publicUrl: 'http://localhost:4000',
    trustedOrigins: [],
    openIntrospection: false,
    allowPrivateAddresses: false,
    rowLevelSecurity,
    worker: false,
    // Counted as ever, and out of reach.
    rateLimits: limitsWith({ STATE: 1e9, CUSTOMER_QUERIES: 1e9, ADDRESSES: 1e9 }),
    log: createLog('info'),
  });
  process.send!({ url: `${await app.listen({ host: '127.0.0.1', port: 0 })}/graphql` });
}
