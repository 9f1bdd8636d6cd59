import type { MikroORM } from '@mikro-orm/postgresql';
import type { AppOptions } from './app-options.ts';
import { listenForStateChanges } from './customer-state/state-changes.ts';
import { mergeSoon } from './customer-state/state-lanes.ts';
import { createStateWatch } from './customer-state/watch-customer-state.ts';
import { listen } from './database/listen.ts';
import type { Databases } from './database/open-databases.ts';
import { waitForDatabase } from './database/wait-for-database.ts';
import { createGraphql, type Graphql } from './graphql/create-graphql.ts';
import { apiKeyChannel } from './identity/access/api-key-changes.ts';
import { createApiKeyLoader } from './identity/access/api-keys.loader.ts';
import { createRevokedKeys, type RevokedKeys } from './identity/access/revoked-keys.ts';
import { type Auth, createAuth } from './identity/operators/create-auth.ts';
import { openAuthPool } from './identity/operators/open-auth-pool.ts';
import { createOperatorSessions, type OperatorSessions } from './identity/operators/operator-sessions.ts';
import { createAppTokens } from './identity/tokens/app-tokens.ts';
import { createSigningKeys, type SigningKeys } from './identity/tokens/signing-keys.ts';
import { laneKinds } from './lane-kinds.ts';
import { startWorker, type Worker } from './lanes/start-worker.ts';
import type { AddressLimits } from './limits/address-limits.ts';
import type { UsageCounter } from './limits/count-usage.ts';
import { openLimits } from './limits/open-limits.ts';
import { createOperations } from './operations/create-operations.ts';
import { createOutgoingFetch } from './outgoing/addresses/outgoing-fetch.ts';
import type { Sealer } from './sealing/sealing.ts';
import { startSchedules } from './start-schedules.ts';
import { createOpenStreams, type OpenStreams } from './streams/open-streams.ts';
import { streamBounds } from './streams/stream-bounds.ts';
import type { Pace } from './stripe/create-pace.ts';
import type { StripeConnections } from './stripe/stripe-connections.ts';

/** What an app that takes webhooks has already. */
export type Opened = {
  databases: Databases;
  sealer: Sealer;
  pace: Pace;
  usagePace: Pace;
  connections: StripeConnections;
};

/** What answers all requests but webhooks, and what works in the background. */
export type CompletedApp = {
  /** Of the server's own work, which reaches every tenant. */
  orm: MikroORM;
  graphql: Graphql;
  streams: OpenStreams;
  addresses: AddressLimits;
  auth: Auth;
  sessions: OperatorSessions;
  /** The origins whose pages may use an operator's session, our own the first one. */
  ownOrigins: readonly string[];
  signingKeys: SigningKeys;
  revokedKeys: RevokedKeys;
  usage: UsageCounter;
  worker: Worker | undefined;
  schedules: ReturnType<typeof startSchedules> | undefined;
  /** Finishes the lanes' work, and closes what was opened for all this. */
  close(): Promise<void>;
};

/**
 * Makes the rest of an app. It is most of the code, and loaded by itself: see app.ts. Where the database is away, it is waited for;
 * where something fails, nothing is left open.
 */
export async function completeApp({ databases, ...opened }: Opened, options: AppOptions): Promise<CompletedApp> {
  const { databaseUrl, log } = options;
  const { orm, requests } = databases;
  const { em } = orm;
  const { sealer, pace, usagePace, connections } = opened;
  const withDatabase = <Tool>(open: () => Promise<Tool>) => waitForDatabase(options, open);
  await using closing = new AsyncDisposableStack();

  const signingKeys = createSigningKeys({ em, sealer });
  const apiKeys = createApiKeyLoader(em);
  const revokedKeys = createRevokedKeys(em);
  const outgoingFetch = createOutgoingFetch(options);
  const appTokens = createAppTokens({ em, outgoingFetch });
  const limits = await openLimits({ em, log }, options);
  closing.defer(limits.close);
  const streams = createOpenStreams({ ...streamBounds, ...options.streams });
  const forget = () => {
    apiKeys.clearAll();
    revokedKeys.forget();
    limits.forget();
    streams.recheck();
  };
  const keyChanges = await withDatabase(() => listen({ databaseUrl, channel: apiKeyChannel, log, onNotify: forget }));
  closing.defer(keyChanges.close);
  const stateChanges = await withDatabase(() => listenForStateChanges({ databaseUrl, log }));
  closing.defer(stateChanges.close);
  const stateWatch = createStateWatch({ em, stateChanges, log });
  closing.defer(stateWatch.close);

  const authPool = openAuthPool(databaseUrl, databases);
  closing.defer(authPool.close);
  const auth = createAuth({ db: authPool.db, log }, options);
  const sessions = await createOperatorSessions(auth);
  const ownOrigins = [new URL(options.publicUrl).origin, ...options.trustedOrigins];

  const operations = await withDatabase(() => createOperations({ orm, sealer, databaseUrl, log }));
  closing.defer(operations.close);
  const authentication = { apiKeys, revokedKeys, signingKeys, appTokens, sessions, ownOrigins };
  const { publicUrl, stripeApiUrl, allowPrivateAddresses } = options;
  const installation = { publicUrl, stripeApiUrl, allowPrivateAddresses, sealer, connections };
  const speaking = { ...authentication, ...limits, orm, requests, installation, operations, stateWatch };
  const graphql = await createGraphql({ ...options, ...speaking });
  closing.defer(graphql.close);
  const { deliveryPatience } = options;
  const working = { orm, connections, pace, usagePace, sealer, operations, outgoingFetch, deliveryPatience, log };
  const kinds = laneKinds({ ...working, carryOut: graphql.carryOut });
  const startWorking = () => startWorker({ orm, databaseUrl, log, kinds });
  const worker = options.worker ? await withDatabase(startWorking) : undefined;
  if (worker) closing.defer(worker.stop);
  if (worker) closing.defer(mergeSoon({ orm, stateChanges, log }));
  const schedules = (options.schedules ?? options.worker) ? startSchedules({ orm, log }) : undefined;

  const { addresses, usage } = limits;
  const all = closing.move();
  const close = () => all.disposeAsync();
  return {
    orm,
    graphql,
    streams,
    addresses,
    auth,
    sessions,
    ownOrigins,
    signingKeys,
    revokedKeys,
    usage,
    worker,
    schedules,
    close,
  };
}
