import type { Pool, PoolClient } from 'pg';

/**
 * Mends what kysely leaves undone with a pool of connections.
 *
 * A connection that dies inside a transaction would keep its place for ever: kysely's rollback throws on the dead connection
 * before it releases it (kysely#1990). Releasing twice throws, and is harmless.
 *
 * And kysely lets go of its pool before it ends it: a connection that is just being made is then given to nobody, and the end waits
 * for it for ever. So whoever closes ends the pool first, and kysely may end it once more.
 */
export function mendPool(pool: Pool) {
  pool.on('connect', (client: PoolClient) => {
    client.once('end', () =>
      setTimeout(() => {
        try {
          client.release(true);
        } catch {}
      }, 500).unref(),
    );
  });
  const end = pool.end.bind(pool) as () => Promise<void>;
  let ended: Promise<void> | undefined;
  pool.end = (() => (ended ??= end())) as Pool['end'];
}
