import pg from 'pg';
import type { BaseLogger } from 'pino';

const reconnectAfter = 200;

/** Each so many milliseconds PostgreSQL is asked for a sign of life, and has so many to give it. */
const beatEvery = 5_000;
const patience = 3_000;

/**
 * Listens to a channel, on a connection of its own. What was said while the connection was lost is not heard: `onNotify` is also
 * called, with null, whenever it is made anew. A connection that is silent is lost: a host or a network that vanished says nothing.
 * @throws where the database cannot be reached at the start.
 */
export async function listen({
  databaseUrl,
  channel,
  log,
  onNotify,
}: {
  databaseUrl: string;
  channel: string;
  log: Pick<BaseLogger, 'warn'>;
  onNotify(payload: string | null): void;
}): Promise<{ close(): Promise<void> }> {
  // To say it again, as a sign of life, changes nothing.
  const statement = `listen ${channel}`;
  let current: pg.Client | null = null;
  let retry: NodeJS.Timeout | undefined;
  let heartbeat: NodeJS.Timeout | undefined;
  let closed = false;

  async function connect() {
    const client = new pg.Client({
      connectionString: databaseUrl,
      connectionTimeoutMillis: 5_000,
      keepAlive: true,
      query_timeout: patience,
    });
    const lost = (err?: Error) => {
      if (current !== client) return;
      current = null;
      clearTimeout(heartbeat);
      if (closed) return;
      log.warn({ err, channel }, 'The connection that listens was lost, and is made again');
      client.end().catch(() => {});
      reconnect();
    };
    client.on('error', lost);
    client.on('end', lost);
    client.on('notification', ({ payload }) => onNotify(payload ?? ''));
    try {
      await client.connect();
      await client.query(statement);
    } catch (failure) {
      client.end().catch(() => {});
      throw failure;
    }
    if (closed) return client.end();
    current = client;
    onNotify(null);
    beat(client, lost);
  }

  function beat(client: pg.Client, lost: (failure: Error) => void) {
    heartbeat = setTimeout(async () => {
      try {
        await client.query(statement);
        if (current === client) beat(client, lost);
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
    async close() {
      closed = true;
      clearTimeout(retry);
      clearTimeout(heartbeat);
      await current?.end().catch(() => {});
    },
  };
}
