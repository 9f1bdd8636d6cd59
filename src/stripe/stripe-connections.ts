import type { EntityManager } from '@mikro-orm/core';
import { LRUCache } from 'lru-cache';
import Stripe from 'stripe';
import type { Environment } from '../environment.ts';
import type { Sealer } from '../sealing/sealing.ts';
import { StripeConnection } from '../tenancy/connections/stripe-connection.entity.ts';
import type { Pace } from './create-pace.ts';
import { pacedHttpClient } from './paced-http-client.ts';

/** A team's Stripe account, opened: the client speaks with the connection's own key. */
export type OpenConnection = {
  id: string;
  teamId: string;
  environment: Environment;
  stripeAccountId: string;
  stripe: Stripe;
  /** How the key begins, such as `sk_test_`: its kind and mode, and nothing secret. */
  keyPrefix: string;
  /** Every signing secret that is active now: the endpoint's, two while one is being rolled, and that of thin events. */
  webhookSecrets: string[];
};

export type StripeConnections = {
  byId(connectionId: string): Promise<OpenConnection | null>;
  of(teamId: string, environment: Environment): Promise<OpenConnection | null>;
  /** The same connections for work in the background: their clients wait for their turn to ask Stripe. */
  background: { byId(connectionId: string): Promise<OpenConnection | null> };
  /** Forgets what is cached of a connection whose row was written. */
  forget(connectionId: string): void;
};

type Opened = { connection: OpenConnection; background: OpenConnection };

type Where = Partial<{ id: string; team: string; environment: Environment }>;

/** How long another process may go on with a key that was rotated or disconnected. */
const cachedFor = 5_000;

/**
 * @param tools.apiUrl where Stripe is: `https://api.stripe.com`, or the sandbox.
 * @param tools.pace how fast the background may ask; without it nothing waits.
 */
export function createStripeConnections(tools: {
  em: EntityManager;
  sealer: Sealer;
  apiUrl: string;
  pace?: Pace;
  /** How fast it may send meter events of live accounts. */
  usagePace?: Pace;
}): StripeConnections {
  const cache = new LRUCache<string, Opened>({ max: 1_000, ttl: cachedFor });
  const loading = new Map<string, Promise<Opened | null>>();

  /** Deliveries come in crowds: those of one connection share one look-up. */
  async function load(key: string, where: Where): Promise<Opened | null> {
    const known = cache.get(key) ?? loading.get(key);
    if (known) return known;
    const opening = open(where);
    loading.set(key, opening);
    try {
      const opened = await opening;
      // Where it was forgotten meanwhile, this may be the row of before.
      if (opened && loading.get(key) === opening) keep(opened);
      return opened;
    } finally {
      if (loading.get(key) === opening) loading.delete(key);
    }
  }

  function keep(opened: Opened) {
    const { id, teamId, environment } = opened.connection;
    cache.set(id, opened);
    cache.set(`${teamId} ${environment}`, opened);
  }

  async function open(where: Where): Promise<Opened | null> {
    const row = await tools.em.fork().findOne(StripeConnection, where);
    if (!row?.sealedSecretKey) return null;
    const unseal = (sealed: string) => tools.sealer.open(sealed, row.id);
    const secretKey = unseal(row.sealedSecretKey);
    const connection: OpenConnection = {
      id: row.id,
      teamId: row.team.id,
      environment: row.environment,
      stripeAccountId: row.stripeAccountId,
      stripe: createStripe(secretKey, tools.apiUrl),
      keyPrefix: keyPrefixOf(secretKey),
      webhookSecrets: [...row.sealedWebhookSecrets, ...(row.sealedThinSecret ? [row.sealedThinSecret] : [])].map(
        unseal,
      ),
    };
    const httpClient =
      tools.pace &&
      pacedHttpClient(tools.pace, connection, connection.environment === 'LIVE' ? tools.usagePace : undefined);
    const background = httpClient
      ? { ...connection, stripe: createStripe(secretKey, tools.apiUrl, httpClient) }
      : connection;
    return { connection, background };
  }

  return {
    byId: async (id) => (await load(id, { id }))?.connection ?? null,
    of: async (teamId, environment) =>
      (await load(`${teamId} ${environment}`, { team: teamId, environment }))?.connection ?? null,
    background: { byId: async (id) => (await load(id, { id }))?.background ?? null },
    forget(connectionId) {
      const { connection } = cache.get(connectionId) ?? {};
      if (connection) cache.delete(`${connection.teamId} ${connection.environment}`);
      cache.delete(connectionId);
      loading.clear();
    },
  };
}

/** How a key begins: `sk_test_`. */
export const keyPrefixOf = (secretKey: string) => /^[a-z]+_[a-z]+_/.exec(secretKey)?.[0] ?? '';

/**
 * A client that speaks the API version which the SDK pins, and gives up soon enough that no request of ours hangs.
 * Retries are safe: the SDK sends an idempotency key with every write.
 */
export function createStripe(secretKey: string, apiUrl: string, httpClient?: Stripe.HttpClient): Stripe {
  const { protocol, hostname, port } = new URL(apiUrl);
  return new Stripe(secretKey, {
    host: hostname,
    port: port || (protocol === 'https:' ? 443 : 80),
    protocol: protocol === 'https:' ? 'https' : 'http',
    timeout: 10_000,
    maxNetworkRetries: 1,
    telemetry: false,
    ...(httpClient ? { httpClient } : {}),
    appInfo: { name: 'Billgraph' },
  });
}
