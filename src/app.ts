import type { MikroORM } from '@mikro-orm/postgresql';
import type { FastifyBaseLogger } from 'fastify';
import { apiKeyChannel } from './access/api-key-changes.ts';
import { createApiKeyLoader } from './access/api-keys.loader.ts';
import { createRevokedKeys } from './access/revoked-keys.ts';
import { listen } from './database/listen.ts';
import { openDatabases, type RequestDatabase } from './database/open-databases.ts';
import { waitForDatabase } from './database/wait-for-database.ts';
import type { Environment } from './environment.ts';
import { createGraphql } from './graphql/create-graphql.ts';
import { mountAuth } from './http/auth.route.ts';
import { createHttpServer } from './http/create-http-server.ts';
import { mountGraphql } from './http/graphql.route.ts';
import { mountHealth } from './http/health.routes.ts';
import { mountJwks } from './http/jwks.route.ts';
import { mountOnboarding } from './http/onboarding.routes.ts';
import { mountWebhooks } from './http/webhook.route.ts';
import { laneKinds } from './lane-kinds.ts';
import { startWorker, type Worker } from './lanes/start-worker.ts';
import type { UsageCounter } from './limits/count-usage.ts';
import type { Counter } from './limits/counter.ts';
import type { Limits } from './limits/limit-classes.ts';
import { openLimits } from './limits/open-limits.ts';
import { createOperations } from './operations/create-operations.ts';
import { type Auth, createAuth } from './operators/create-auth.ts';
import { openAuthPool } from './operators/open-auth-pool.ts';
import { createOperatorSessions } from './operators/operator-sessions.ts';
import { createOutgoingFetch } from './outgoing/outgoing-fetch.ts';
import { findDeafConnections } from './reconciliation/measure-ingestion.ts';
import { createSealer, type Sealer } from './sealing/sealing.ts';
import { startSchedules } from './start-schedules.ts';
import { createPace } from './stripe/create-pace.ts';
import { sharedTurns } from './stripe/reserve-turns.ts';
import { createStripeConnections, type StripeConnections } from './stripe/stripe-connections.ts';
import { createAppTokens } from './tokens/app-tokens.ts';
import { createSigningKeys } from './tokens/signing-keys.ts';
import { createWebhookReceiver } from './webhooks/receive-webhook.ts';

export type AppOptions = {
  databaseUrl: string;
  databasePoolSize: number;
  /** Milliseconds after which a statement is given up; fifteen seconds by default. */
  queryTimeout?: number;
  /** Key-encryption keys of 32 bytes; the first one seals. */
  encryptionKeys: Buffer[];
  /** Whether PostgreSQL itself keeps tenants apart, behind the conditions of every statement; true by default. */
  rowLevelSecurity?: boolean;
  stripeApiUrl: string;
  /** How often the background asks Stripe, for each connection and by all processes together. */
  stripeReadsPerSecond: Record<Environment, number>;
  corsOrigins: string[];
  /** Where browsers reach this server, and the other origins whose pages may use an operator's session. */
  publicUrl: string;
  trustedOrigins: string[];
  /** Networks of the proxies in front, which may say who asks. */
  trustProxy?: string[];
  /** The defaults where left out. */
  rateLimits?: Limits;
  /** Where several processes count together. */
  redisUrl?: string;
  /** Counts instead of this process' memory. */
  counter?: Counter;
  openIntrospection: boolean;
  /** Whether addresses that users name (of their JWKS, say) may be of private networks. */
  allowPrivateAddresses: boolean;
  /** Whether this process works the lanes, or leaves them to another one. */
  worker: boolean;
  /** Whether this process wakes what happens by the clock; as `worker` by default. */
  schedules?: boolean;
  /** Ends the wait for a database that is away. */
  signal?: AbortSignal;
  log: FastifyBaseLogger;
};

export type App = {
  log: FastifyBaseLogger;
  /** Of the server's own work, which reaches every tenant. */
  orm: MikroORM;
  auth: Auth;
  requests: RequestDatabase;
  sealer: Sealer;
  connections: StripeConnections;
  worker: Worker | undefined;
  /** What API keys ask, counted. */
  usage: UsageCounter;
  /** @returns the address it listens on. */
  listen(at: { host: string; port: number }): Promise<string>;
  /** Stops taking requests, finishes those under way and the lanes' work, and closes every connection. */
  close(): Promise<void>;
};

/** Longer than any statement of ours takes, short enough that a request to a database that hangs is answered. In milliseconds. */
const queryTimeout = 15_000;

/** How long a stop waits for requests under way, in milliseconds: a client that sends its body slowly shall not hold it up. */
const requestsEndWithin = 3_000;

/**
 * The composition root: every tool is made here and handed on by name. The database is migrated when this resolves; where it is
 * away, it is waited for.
 */
export async function createApp(options: AppOptions): Promise<App> {
  const { databaseUrl, log } = options;
  const withDatabase = <Tool>(open: () => Promise<Tool>) => waitForDatabase(options, open);
  const databases = await withDatabase(() =>
    openDatabases(databaseUrl, {
      poolSize: options.databasePoolSize,
      queryTimeout: options.queryTimeout ?? queryTimeout,
      rowLevelSecurity: options.rowLevelSecurity ?? true,
      log,
    }),
  );
  const { orm, requests } = databases;
  const { em } = orm;
  const sealer = createSealer(options.encryptionKeys);
  const pace = createPace({ ...sharedTurns(em), readsPerSecond: options.stripeReadsPerSecond });
  const connections = createStripeConnections({ em, sealer, apiUrl: options.stripeApiUrl, pace });
  const signingKeys = createSigningKeys({ em, sealer });
  const apiKeys = createApiKeyLoader(em);
  const revokedKeys = createRevokedKeys(em);
  const outgoingFetch = createOutgoingFetch(options);
  const appTokens = createAppTokens({ em, outgoingFetch });
  const limits = await openLimits({ em, log }, options);
  const forget = () => {
    apiKeys.clearAll();
    revokedKeys.forget();
    limits.forget();
  };
  const keyChanges = await withDatabase(() => listen({ databaseUrl, channel: apiKeyChannel, log, onNotify: forget }));

  const authPool = openAuthPool(databaseUrl, databases);
  const auth = createAuth({ db: authPool.db, log }, options);
  const sessions = await createOperatorSessions(auth);
  const ownOrigins = [new URL(options.publicUrl).origin, ...options.trustedOrigins];

  const operations = await withDatabase(() => createOperations({ orm, sealer, databaseUrl, log }));
  const authentication = { apiKeys, revokedKeys, signingKeys, appTokens, sessions, ownOrigins };
  const { publicUrl, stripeApiUrl, allowPrivateAddresses } = options;
  const installation = { publicUrl, stripeApiUrl, allowPrivateAddresses, sealer, connections };
  const speaking = { ...authentication, ...limits, orm, requests, installation, operations };
  const graphql = await createGraphql({ ...options, ...speaking });
  const receiver = createWebhookReceiver({ orm, connections, log });
  const kinds = laneKinds({ orm, connections, pace, sealer, operations, carryOut: graphql.carryOut, log });
  const startWorking = () => startWorker({ orm, databaseUrl, log, kinds });
  const worker = options.worker ? await withDatabase(startWorking) : undefined;
  const schedules = (options.schedules ?? options.worker) ? startSchedules({ orm, log }) : undefined;

  const http = createHttpServer(options);
  mountGraphql(http, graphql, limits.addresses);
  const signingIn = { auth, publicUrl, addresses: limits.addresses };
  mountAuth(http, signingIn);
  mountOnboarding(http, { ...signingIn, orm, sessions, ownOrigins });
  mountWebhooks(http, receiver);
  mountJwks(http, signingKeys);
  mountHealth(http, {
    database: async () => orm.isConnected(),
    migrations: async () => !(await orm.migrator.getPending()).length,
    lanes: async () => worker?.isHealthy() ?? true,
    webhooks: async () => !(await findDeafConnections({ em: em.fork() })).length,
  });

  return {
    log,
    orm,
    auth,
    requests,
    sealer,
    connections,
    worker,
    usage: limits.usage,
    listen: ({ host, port }) => http.listen({ host, port }),
    async close() {
      schedules?.stop();
      const impatience = setTimeout(() => http.server.closeAllConnections(), requestsEndWithin);
      await http.close();
      clearTimeout(impatience);
      await receiver.close();
      pace.close();
      await worker?.stop();
      await graphql.apollo.stop();
      await operations.close();
      await authPool.close();
      await limits.close();
      await keyChanges.close();
      await orm.close();
      await databases.close();
    },
  };
}
