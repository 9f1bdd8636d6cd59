import { randomBytes } from 'node:crypto';
import { createApp } from '../src/app.ts';
import { limitsWith } from '../src/limits/limit-classes.ts';
import { createLog } from '../src/log.ts';
import { benchOptions } from './app-options.ts';

/** Starts the product as a contender, without its worker. */
export async function serveBillgraph({ rowLevelSecurity }: { rowLevelSecurity: boolean }): Promise<void> {
  const app = await createApp({
    ...benchOptions,
    databaseUrl: process.env.DATABASE_URL!,
    encryptionKeys: [randomBytes(32)],
    rowLevelSecurity,
    // Counted as ever, and out of reach.
    rateLimits: limitsWith({ STATE: 1e9, CUSTOMER_QUERIES: 1e9, ADDRESSES: 1e9 }),
    log: createLog('info'),
  });
  process.send!({ url: `${await app.listen({ host: '127.0.0.1', port: 0 })}/graphql` });
}
