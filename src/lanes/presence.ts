import { randomInt } from 'node:crypto';
import pg from 'pg';
import type { BaseLogger } from 'pino';

export type Presence = {
  /** The id under which this process may claim now; null while it is not connected. */
  owner(): number | null;
  close(): Promise<void>;
};

const reconnectAfter = 200;

/** Each so many milliseconds PostgreSQL is asked for a sign of life, and has so many to give it. */
const beatEvery = 2_000;
const patience = 3_000;

/** A process whose host is lost, and cannot close its connection, is noticed within seconds. */
const quickToNotice =
  '-c tcp_keepalives_idle=2 -c tcp_keepalives_interval=1 -c tcp_keepalives_count=2 -c tcp_user_timeout=4000';

/**
 * A connection of its own that says that the process lives: it holds an advisory lock, and listens where it is told to. It
 * must reach PostgreSQL directly (a pooler would share it). A connection that is lost is made anew, under a new id; one that
 * is silent is lost: a host or a network that vanished says nothing.
 * @param options.lock the first number of the advisory lock; the second one is the `owner` id.
 * @param options.listen a channel, and what its notifications call; also called at each connection, since some may have been missed.
 */
export async function announcePresence(options: {
  databaseUrl: string;
  log: Pick<BaseLogger, 'warn'>;
  lock: number;
  listen?: { channel: string; onWake(): void };
}): Promise<Presence> {
  const { listen } = options;
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
      options.log.warn({ err: failure }, 'A connection to PostgreSQL that holds our lock was lost, and is made again');
      client.end().catch(() => {});
      reconnect();
    };
    client.on('error', lost);
    client.on('end', lost);
    if (listen) client.on('notification', listen.onWake);
    const owner = randomInt(1, 2 ** 31 - 1);
    try {
      await client.connect();
      await client.query('select pg_advisory_lock($1, $2)', [options.lock, owner]);
      if (listen) await client.query(`listen ${listen.channel}`);
    } catch (failure) {
      client.end().catch(() => {});
      throw failure;
    }
    if (closed) return client.end();
    current = { client, owner };
    listen?.onWake();
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
