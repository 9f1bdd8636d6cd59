import type { FastifyBaseLogger } from 'fastify';
import type { Environment } from './environment.ts';
import type { Counter } from './limits/counter.ts';
import type { Limits } from './limits/limit-classes.ts';
import type { StreamBounds } from './streams/stream-bounds.ts';

export type AppOptions = {
  databaseUrl: string;
  /** Of the tables' owner, where the server logs in as somebody else. */
  databaseMigrationUrl?: string;
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
  /** Bounds of subscriptions' streams that differ from the defaults. */
  streams?: Partial<StreamBounds>;
  openIntrospection: boolean;
  /** Whether addresses that users name (of their JWKS, say) may be of private networks. */
  allowPrivateAddresses: boolean;
  /** Milliseconds that an endpoint of outgoing webhooks has to answer; fifteen seconds by default. */
  deliveryPatience?: number;
  /** Whether this process works the lanes, or leaves them to another one. */
  worker: boolean;
  /** Whether this process wakes what happens by the clock; as `worker` by default. */
  schedules?: boolean;
  /** Milliseconds that a request waits for a server that listens, and is not complete; ten seconds by default. */
  completionPatience?: number;
  /** Ends the wait for a database that is away. */
  signal?: AbortSignal;
  log: FastifyBaseLogger;
};
