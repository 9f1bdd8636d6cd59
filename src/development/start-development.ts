import { randomBytes } from 'node:crypto';
import { join } from 'node:path';
import type { FastifyBaseLogger } from 'fastify';
import type { Config, StripeKeys } from '../config.ts';
import { keptSecret } from './kept-secret.ts';

/** What a production configuration has to name, and a developer's machine provides. */
export type Development = {
  databaseUrl: string;
  encryptionKeys: Buffer[];
  /** Stripe's stand-in and the keys of our account in it, where no key of Stripe's is configured. */
  sandbox: { url: string; keys: StripeKeys } | undefined;
  stop(): Promise<void>;
};

/** Starts whatever the configuration leaves out: PostgreSQL, the key that seals, and Stripe's stand-in. */
export async function startDevelopment(config: Config, log: FastifyBaseLogger): Promise<Development> {
  const file = (name: string) => join(config.dataDirectory, name);
  const stops: (() => Promise<void>)[] = [];
  const stop = async () => {
    for (const stopOne of stops.splice(0).reverse()) await stopOne();
  };
  try {
    let { databaseUrl, encryptionKeys } = config;
    if (!databaseUrl) {
      const { startEmbeddedPostgres } = await import('../database/embedded-postgres.ts');
      const postgres = await startEmbeddedPostgres(file('postgres'), { durable: true });
      stops.push(postgres.stop);
      databaseUrl = postgres.url;
    }
    if (!encryptionKeys.length) {
      const key = await keptSecret(file('encryption-key'), () => randomBytes(32).toString('base64'));
      encryptionKeys = [Buffer.from(key, 'base64')];
    }
    if (config.stripe.TEST || config.stripe.LIVE) return { databaseUrl, encryptionKeys, sandbox: undefined, stop };

    const { startSandbox } = await import('../sandbox/start-sandbox.ts');
    const { url, close } = await startSandbox({
      // It makes a schema of its own.
      databaseUrl: config.databaseMigrationUrl ?? databaseUrl,
      host: config.host,
      port: config.sandboxPort,
      logger: log,
    });
    stops.push(close);
    // As Stripe's keys look: the 16 characters after `sk_test_51` name the account.
    const secretKey = await keptSecret(file('sandbox-key'), () => `sk_test_51${randomBytes(24).toString('hex')}`);
    return { databaseUrl, encryptionKeys, sandbox: { url, keys: { secretKey, webhookSecret: undefined } }, stop };
  } catch (failure) {
    await stop();
    throw failure;
  }
}
