import { randomInt } from 'node:crypto';
import pg from 'pg';
import type { BaseLogger } from 'pino';
import { laneChannel } from './lane-kind.ts';
import { workerLock } from './reap-lanes.ts';

export type WorkerPresence = {
  /** The id under which this worker may claim now; null while it is not connected. */
  owner(): number | null;
  close(): Promise<void>;
};

const reconnectAfter = 200;

/** Each so many milliseconds PostgreSQL is asked for a sign of life, and has so many to give it. */
const beatEvery = 2_000;
const patience = 3_000;

/** A worker whose host is lost, and cannot close its connection, is noticed within seconds. */
const quickToNotice =
  '-c tcp_keepalives_idle=2 -c tcp_keepalives_interval=1 -c tcp_keepalives_count=2 -c tcp_user_timeout=4000';

/**
 * The worker's one connection of its own: it holds the advisory lock that says the worker lives, and listens for lanes. It
 * must reach PostgreSQL directly (a pooler would share it). A connection that is lost is made anew, under a new id; one that
 * is silent is lost: a host or a network that vanished says nothing.
 */
export async function announceWorker(options: {
  databaseUrl: string;
  log: Pick<BaseLogger, 'warn'>;
  onWake(): void;
}): Promise<WorkerPresence> {
  let current: { client: pg.Client; owner: number } | null = null;
  let retry: NodeJS.Timeout | undefined;
  let heartbeat: NodeJS.Timeout | undefined;
  let closed = false;

  async function connect() {
    const client = new pg.Client({
      connectionString: options.databaseUrl,
      connectionTimeoutMillis: 5_000,
      keepAlive: true,
      query_timeout: patience,
      options: quickToNotice,
    });
    const lost = (failure?: Error) => {
      if (current?.client !== client) return;
      current = null;
      clearTimeout(heartbeat);
      if (closed) return;
      options.log.warn({ err: failure }, 'The worker lost its connection to PostgreSQL, and connects again');
      client.end().catch(() => {});
      reconnect();
    };
    client.on('error', lost);
    client.on('end', lost);
    client.on('notification', options.onWake);
    const owner = randomInt(1, 2 ** 31 - 1);
    try {
      await client.connect();
      await client.query('select pg_advisory_lock($1, $2)', [workerLock, owner]);
      await client.query(`listen ${laneChannel}`);
    } catch (failure) {
      client.end().catch(() => {});
      throw failure;
    }
    if (closed) return client.end();
    current = { client, owner };
    options.onWake();
    beat(client, lost);
  }

  function beat(client: pg.Client, lost: (failure: Error) => void) {
    heartbeat = setTimeout(async () => {
      try {
        await client.query('select 1');
        if (current?.client === client) beat(client, lost);
      } catch (failure) {
        lost(failure as Error);
      }
    }, beatEvery);
  }

  function reconnect() {
    if (!closed) retry = setTimeout(() => connect().catch(reconnect), reconnectAfter);
  }

  await connect();
  return {
    owner: () => current?.owner ?? null,
    async close() {
      closed = true;
      clearTimeout(retry);
      clearTimeout(heartbeat);
      await current?.client.end().catch(() => {});
      current = null;
    },
  };
}
