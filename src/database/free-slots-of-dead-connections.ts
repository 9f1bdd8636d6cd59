import type { Pool, PoolClient } from 'pg';

/**
 * A connection that dies inside a transaction would keep its place in the pool for ever: kysely's rollback throws on the
 * dead connection before it releases it (kysely#1990). Releasing twice throws, and is harmless.
 */
export function freeSlotsOfDeadConnections(pool: Pool) {
  pool.on('connect', (client: PoolClient) => {
    client.once('end', () =>
      setTimeout(() => {
        try {
          client.release(true);
        } catch {}
      }, 500).unref(),
    );
  });
}
