import pg from 'pg';
import type { BaseLogger } from 'pino';

const reconnectAfter = 200;

/**
 * Listens to a channel, on a connection of its own. What was said while the connection was lost is not heard: `onNotify` is also
 * called, with null, whenever it is made anew.
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
  let current: pg.Client | null = null;
  let retry: NodeJS.Timeout | undefined;
  let closed = false;

  async function connect() {
    const client = new pg.Client({ connectionString: databaseUrl, connectionTimeoutMillis: 5_000, keepAlive: true });
    const lost = (err?: Error) => {
      if (current !== client) return;
      current = null;
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
      await client.query(`listen ${channel}`);
    } catch (failure) {
      client.end().catch(() => {});
      throw failure;
    }
    if (closed) return client.end();
    current = client;
    onNotify(null);
  }

  function reconnect() {
    if (!closed) retry = setTimeout(() => connect().catch(reconnect), reconnectAfter);
  }

  await connect();
  return {
    async close() {
      closed = true;
      clearTimeout(retry);
      await current?.end().catch(() => {});
    },
  };
}
