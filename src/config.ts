import { z } from 'zod';
import {
  databaseUrl,
  encryptionKeys,
  httpUrl,
  origins,
  perSecond,
  port,
  proxies,
  rateLimits,
  streamBounds,
} from './config-values.ts';
import type { Limits } from './limits/limit-classes.ts';
import { type StreamBounds, streamBoundsWith } from './streams/stream-bounds.ts';

/** What the process is told from outside. Nothing else reads the environment. */
export type Config = Readonly<{
  production: boolean;
  logLevel: string;
  host: string;
  port: number;
  /** Where Stripe and browsers reach this server, without a slash at the end. */
  publicUrl: string;
  corsOrigins: string[];
  /** Other origins whose pages may use an operator's session. */
  trustedOrigins: string[];
  allowPrivateAddresses: boolean;
  /** Networks of the proxies in front of the server. */
  trustProxy: string[];
  rateLimits: Limits;
  redisUrl: string | undefined;
  streams: StreamBounds;
  databaseUrl: string | undefined;
  /** Of the login that owns the tables, where that of `databaseUrl` does not. */
  databaseMigrationUrl: string | undefined;
  databasePoolSize: number;
  rowLevelSecurity: boolean;
  worker: boolean;
  dataDirectory: string;
  encryptionKeys: Buffer[];
  stripeApiUrl: string;
  stripeReadsPerSecond: Record<'TEST' | 'LIVE', number>;
  stripe: { TEST: StripeKeys | undefined; LIVE: StripeKeys | undefined };
  sandboxPort: number;
}>;

export type StripeKeys = { secretKey: string; webhookSecret: string | undefined };

/** Every fault of the environment at once, a line each. */
export class ConfigError extends Error {
  override name = 'ConfigError';
  constructor(faults: string[]) {
    super(
      `The configuration has ${faults.length === 1 ? 'a fault' : `${faults.length} faults`}:\n${faults.map((fault) => `  - ${fault}`).join('\n')}`,
    );
  }
}

const environment = z.object({
  // A misspelt `production` would start the sandbox on the production database.
  NODE_ENV: z.enum(['development', 'test', 'production']).default('development'),
  LOG_LEVEL: z.enum(['fatal', 'error', 'warn', 'info', 'debug', 'trace', 'silent']).default('info'),
  HOST: z.string().optional(),
  PORT: port(4000),
  PUBLIC_URL: httpUrl.optional(),
  CORS_ORIGINS: origins,
  TRUSTED_ORIGINS: origins,
  ALLOW_PRIVATE_ADDRESSES: z.enum(['on', 'off']).default('off'),
  TRUST_PROXY: proxies,
  RATE_LIMITS: rateLimits,
  REDIS_URL: z.url({ protocol: /^rediss?$/, error: 'must be a redis:// or rediss:// URL' }).optional(),
  STREAM_BOUNDS: streamBounds,
  DATABASE_URL: databaseUrl.optional(),
  DATABASE_MIGRATION_URL: databaseUrl.optional(),
  DATABASE_POOL_SIZE: z.coerce.number().int().min(2).max(500).default(10),
  ROW_LEVEL_SECURITY: z.enum(['on', 'off']).default('on'),
  WORKER: z.enum(['on', 'off']).default('on'),
  DATA_DIR: z.string().min(1).default('.billgraph'),
  ENCRYPTION_KEY: encryptionKeys,
  STRIPE_API_URL: httpUrl.default('https://api.stripe.com'),
  STRIPE_TEST_SECRET_KEY: z
    .string()
    .regex(/^(sk|rk)_test_/, 'must begin with sk_test_ or rk_test_')
    .optional(),
  STRIPE_TEST_WEBHOOK_SECRET: z.string().startsWith('whsec_').optional(),
  STRIPE_LIVE_SECRET_KEY: z
    .string()
    .regex(/^(sk|rk)_live_/, 'must begin with sk_live_ or rk_live_')
    .optional(),
  STRIPE_LIVE_WEBHOOK_SECRET: z.string().startsWith('whsec_').optional(),
  STRIPE_TEST_READS_PER_SECOND: perSecond(25),
  STRIPE_LIVE_READS_PER_SECOND: perSecond(100),
  SANDBOX_PORT: port(4242),
});

/**
 * Reads the configuration. An empty variable counts as unset.
 * @throws ConfigError with every fault.
 */
export function readConfig(variables: NodeJS.ProcessEnv): Config {
  const env = parsed(environment, variables);
  requireKeysOfSecrets(env);
  const production = env.NODE_ENV === 'production';
  if (production) requireInProduction(env);
  const keys = (secretKey?: string, webhookSecret?: string) => (secretKey ? { secretKey, webhookSecret } : undefined);
  return Object.freeze({
    production,
    logLevel: env.LOG_LEVEL,
    host: env.HOST ?? (production ? '0.0.0.0' : '127.0.0.1'),
    port: env.PORT,
    publicUrl: env.PUBLIC_URL ?? `http://localhost:${env.PORT}`,
    corsOrigins: env.CORS_ORIGINS,
    trustedOrigins: env.TRUSTED_ORIGINS,
    allowPrivateAddresses: env.ALLOW_PRIVATE_ADDRESSES === 'on',
    trustProxy: env.TRUST_PROXY,
    rateLimits: env.RATE_LIMITS,
    redisUrl: env.REDIS_URL,
    streams: streamsOf(env),
    databaseUrl: env.DATABASE_URL,
    databaseMigrationUrl: env.DATABASE_MIGRATION_URL,
    databasePoolSize: env.DATABASE_POOL_SIZE,
    rowLevelSecurity: env.ROW_LEVEL_SECURITY === 'on',
    worker: env.WORKER === 'on',
    dataDirectory: env.DATA_DIR,
    encryptionKeys: env.ENCRYPTION_KEY,
    stripeApiUrl: env.STRIPE_API_URL,
    stripe: {
      TEST: keys(env.STRIPE_TEST_SECRET_KEY, env.STRIPE_TEST_WEBHOOK_SECRET),
      LIVE: keys(env.STRIPE_LIVE_SECRET_KEY, env.STRIPE_LIVE_WEBHOOK_SECRET),
    },
    stripeReadsPerSecond: { TEST: env.STRIPE_TEST_READS_PER_SECOND, LIVE: env.STRIPE_LIVE_READS_PER_SECOND },
    sandboxPort: env.SANDBOX_PORT,
  });
}

/**
 * Reads what bringing the tables up to date needs, and nothing else: whoever does it need not know the secrets of the server.
 * @throws ConfigError with every fault.
 */
export function readDatabaseUrls(variables: NodeJS.ProcessEnv): {
  databaseUrl: string;
  databaseMigrationUrl: string | undefined;
} {
  const { DATABASE_URL, DATABASE_MIGRATION_URL } = parsed(
    environment.pick({ DATABASE_URL: true, DATABASE_MIGRATION_URL: true }),
    variables,
  );
  if (!DATABASE_URL) throw new ConfigError(['DATABASE_URL: set it as it is set for the server']);
  return { databaseUrl: DATABASE_URL, databaseMigrationUrl: DATABASE_MIGRATION_URL };
}

function parsed<Output>(schema: z.ZodType<Output>, variables: NodeJS.ProcessEnv): Output {
  const given = Object.fromEntries(Object.entries(variables).filter(([, value]) => value !== ''));
  const { success, data, error } = schema.safeParse(given);
  if (success) return data;
  throw new ConfigError(error.issues.map(({ path, message }) => `${path.join('.')}: ${message}`));
}

/** A signing secret without the key of its account would be ignored. */
function requireKeysOfSecrets(env: z.infer<typeof environment>) {
  const faults = (['TEST', 'LIVE'] as const)
    .filter((mode) => env[`STRIPE_${mode}_WEBHOOK_SECRET`] && !env[`STRIPE_${mode}_SECRET_KEY`])
    .map((mode) => `STRIPE_${mode}_WEBHOOK_SECRET: needs STRIPE_${mode}_SECRET_KEY beside it`);
  if (faults.length) throw new ConfigError(faults);
}

/** A pool is for requests first: streams that read leave a connection of it. */
function streamsOf({ STREAM_BOUNDS: given, DATABASE_POOL_SIZE: connections }: z.infer<typeof environment>) {
  const { readers } = streamBoundsWith(given);
  if (given.READERS !== undefined && readers >= connections)
    throw new ConfigError([`STREAM_BOUNDS: READERS must be less than DATABASE_POOL_SIZE, which is ${connections}`]);
  return streamBoundsWith({ ...given, READERS: Math.min(readers, connections - 1) });
}

function requireInProduction(env: z.infer<typeof environment>) {
  const faults = [
    !env.DATABASE_URL && 'DATABASE_URL: required in production, where no PostgreSQL is started for you',
    !env.PUBLIC_URL &&
      'PUBLIC_URL: required in production: where Stripe reaches this server, such as https://billing.example.com',
    !env.ENCRYPTION_KEY.length &&
      'ENCRYPTION_KEY: required in production; make one with `openssl rand -base64 32` and keep it',
  ].filter((fault) => fault !== false);
  if (faults.length) throw new ConfigError(faults);
}
