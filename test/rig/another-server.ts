import { type ChildProcess, spawn } from 'node:child_process';
import { type App, createApp } from '../../src/app.ts';
import { type Limits, limitClasses } from '../../src/limits/limit-classes.ts';
import { createLog } from '../../src/log.ts';
import { builtServer } from './built-server.ts';

export type Shared = { databaseUrl: string; stripeApiUrl: string; encryptionKey: string };

/** Another server without a worker on a database and a Stripe that exist. @returns it with its address. */
export async function startAnother({
  databaseUrl,
  stripeApiUrl,
  encryptionKey,
}: Shared): Promise<{ app: App; url: string }> {
  const app = await createApp({
    databaseUrl,
    databasePoolSize: 10,
    encryptionKeys: [Buffer.from(encryptionKey, 'hex')],
    stripeApiUrl,
    stripeReadsPerSecond: { TEST: 10_000, LIVE: 10_000 },
    corsOrigins: [],
    publicUrl: 'http://billgraph.test',
    trustedOrigins: [],
    openIntrospection: true,
    allowPrivateAddresses: false,
    worker: false,
    rateLimits: Object.fromEntries(Object.keys(limitClasses).map((name) => [name, 1_000_000])) as Limits,
    log: createLog('silent'),
  });
  return { app, url: await app.listen({ host: '127.0.0.1', port: 0 }) };
}

/** The same as a process of its own, as production runs it, to be killed. @param options of its environment. */
export async function spawnAnother(
  { databaseUrl, stripeApiUrl, encryptionKey }: Shared,
  options: Record<string, string> = {},
): Promise<{ child: ChildProcess; url: string }> {
  const child = spawn(process.execPath, [await builtServer('main')], {
    env: {
      PATH: process.env.PATH,
      NODE_ENV: 'production',
      HOST: '127.0.0.1',
      PORT: '0',
      WORKER: 'off',
      PUBLIC_URL: 'http://billgraph.test',
      DATABASE_URL: databaseUrl,
      ENCRYPTION_KEY: Buffer.from(encryptionKey, 'hex').toString('base64'),
      STRIPE_API_URL: stripeApiUrl,
      ...options,
    },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const url = await new Promise<string>((resolve, reject) => {
    let output = '';
    child.stdout.on('data', (chunk) => {
      output += chunk;
      const [, address] = /listening at (http:[^"]+)/.exec(output) ?? [];
      if (address) resolve(address);
    });
    child.once('exit', (code) => reject(new Error(`It ended with ${code}.`)));
  });
  return { child, url };
}
