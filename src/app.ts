import { setImmediate as nextTurn, setTimeout as sleep } from 'node:timers/promises';
import type { MikroORM } from '@mikro-orm/postgresql';
import type { FastifyBaseLogger } from 'fastify';
import type { AppOptions } from './app-options.ts';
import type { CompletedApp } from './complete-app.ts';
import { openDatabases, type RequestDatabase } from './database/open-databases.ts';
import { pendingMigrations } from './database/pending-migrations.ts';
import { runStatement } from './database/run-statement.ts';
import { waitForDatabase } from './database/wait-for-database.ts';
import { unavailable } from './errors.ts';
import { mountAuth } from './http/auth.route.ts';
import { createHttpServer } from './http/create-http-server.ts';
import { mountGraphql } from './http/graphql.route.ts';
import { mountHealth } from './http/health.routes.ts';
import { holdUntil } from './http/hold-until.ts';
import { mountJwks } from './http/jwks.route.ts';
import { mountOnboarding } from './http/onboarding.routes.ts';
import { mountPortal } from './http/portal.routes.ts';
import { createSessionLog } from './http/session-log.ts';
import { mountStreams } from './http/stream.route.ts';
import { mountWebhooks } from './http/webhook.route.ts';
import type { Auth } from './identity/operators/create-auth.ts';
import { findDeafConnections } from './ingestion/reconciliation/measure-ingestion.ts';
import { createWebhookReceiver } from './ingestion/webhooks/receive-webhook.ts';
import type { Worker } from './lanes/start-worker.ts';
import type { UsageCounter } from './limits/count-usage.ts';
import { createSealer, type Sealer } from './sealing/sealing.ts';
import type { OpenStreams } from './streams/open-streams.ts';
import { createPace } from './stripe/create-pace.ts';
import { meterEventsPerSecond } from './stripe/meter-events-per-second.ts';
import { sharedTurns } from './stripe/reserve-turns.ts';
import { createStripeConnections, type StripeConnections } from './stripe/stripe-connections.ts';

/** An app that takes webhooks, once it listens. Whoever asks it anything else waits until it is complete. */
export type OpenedApp = {
  /** @returns the address it listens on. */
  listen(at: { host: string; port: number }): Promise<string>;
  /**
   * Resolves when the deliveries that waited at the door are answered. While the rest is loaded and made, nothing else happens for
   * some tenths of a second.
   */
  answerWaiting(): Promise<void>;
  /** Makes the rest: the graph, sign-in, the worker and the schedules. */
  complete(): Promise<App>;
  /** Stops taking requests, finishes those under way and the lanes' work, and closes every connection. */
  close(): Promise<void>;
};

export type App = Pick<OpenedApp, 'listen' | 'close'> & {
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
  streams: OpenStreams;
};

/** Longer than any statement of ours takes, short enough that a request to a database that hangs is answered. In milliseconds. */
const queryTimeout = 15_000;

/** How long a request waits for the rest of a server that listens already, in milliseconds. */
const completionPatience = 10_000;

/** How long a stop waits for requests under way, in milliseconds: a client that sends its body slowly shall not hold it up. */
const requestsEndWithin = 3_000;

/** In which deliveries come that waited for a server that starts again, in milliseconds. */
const atTheDoor = 100;

export async function createApp(options: AppOptions): Promise<App> {
  const opened = await openApp(options);
  return opened.complete();
}

/**
 * The composition root: every tool is made here, or in complete-app.ts, and handed on by name. The database is migrated when this
 * resolves; where it is away, it is waited for. Here is only what a webhook needs, so that a server that starts again takes
 * Stripe's deliveries before it has loaded the graph, which is most of a start.
 */
export async function openApp(options: AppOptions): Promise<OpenedApp> {
  const { databaseUrl, log } = options;
  const databases = await waitForDatabase(options, () =>
    openDatabases(databaseUrl, {
      migrationUrl: options.databaseMigrationUrl,
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
  const usagePace = createPace({ ...sharedTurns(em, 'usage'), readsPerSecond: meterEventsPerSecond });
  const connections = createStripeConnections({ em, sealer, apiUrl: options.stripeApiUrl, pace, usagePace });
  const receiver = createWebhookReceiver({ orm, connections, log });

  let completed: CompletedApp | undefined;
  const completion = Promise.withResolvers<CompletedApp>();
  // Nobody may be waiting for it.
  completion.promise.catch(() => {});

  const http = createHttpServer(options);
  mountWebhooks(http, receiver);
  mountHealth(http, {
    database: async () => orm.isConnected(),
    migrations: async () => !(await pendingMigrations((sql) => runStatement(em.fork(), sql, []))).length,
    graph: async () => completed !== undefined,
    lanes: async () => completed?.worker?.isHealthy() ?? !options.worker,
    webhooks: async () => !(await findDeafConnections({ em: em.fork() })).length,
  });
  const signingIn = { publicUrl: options.publicUrl, sessionLog: createSessionLog(http, { orm }) };
  http.register(async (rest) => {
    holdUntil(rest, completion.promise, options.completionPatience ?? completionPatience);
    mountGraphql(rest, completion.promise);
    mountStreams(rest, completion.promise);
    mountAuth(rest, completion.promise, signingIn);
    mountOnboarding(rest, completion.promise, signingIn);
    mountPortal(rest, completion.promise, options);
    mountJwks(rest, completion.promise);
  });

  const listen: OpenedApp['listen'] = ({ host, port }) => http.listen({ host, port });
  return {
    listen,
    close,
    async answerWaiting() {
      await sleep(atTheDoor);
      await receiver.answered();
    },
    async complete() {
      const { completeApp } = await import('./complete-app.ts');
      completed = await completeApp({ databases, sealer, pace, usagePace, connections }, options);
      completion.resolve(completed);
      const { auth, usage, worker, streams } = completed;
      return { log, orm, auth, requests, sealer, connections, worker, usage, streams, listen, close };
    },
  };

  async function close() {
    completed?.schedules?.stop();
    completion.reject(unavailable('This server is stopping.'));
    // Those who wait for it get that answer, before Fastify has one of its own.
    await nextTurn();
    completed?.streams.close();
    const impatience = setTimeout(() => http.server.closeAllConnections(), requestsEndWithin);
    await http.close();
    clearTimeout(impatience);
    await receiver.close();
    pace.close();
    usagePace.close();
    await completed?.close();
    await databases.close();
  }
}
