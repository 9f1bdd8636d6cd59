import { randomBytes } from 'node:crypto';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { openOrm } from '../../src/database/open-orm.ts';
import { createSealer } from '../../src/sealing/sealing.ts';
import { createStripeConnections } from '../../src/stripe/stripe-connections.ts';
import { type Ingestion, startIngestion } from '../webhooks/ingestion.rig.ts';

let ingestion: Ingestion;
beforeAll(async () => {
  ingestion = await startIngestion();
});
afterAll(() => ingestion.close());

it('a crowd that needs one connection looks it up once, and none waits for a place in the pool', async () => {
  const orm = openOrm(ingestion.database.url, { poolSize: 10 });
  try {
    const sealer = createSealer([randomBytes(32)]);
    const { id } = await ingestion.newConnection();
    const pool = await orm.em.getConnection().getNativeClient();
    const connections = createStripeConnections({ em: orm.em, sealer, apiUrl: 'http://127.0.0.1:1' });
    await ingestion.rows(
      `update stripe_connection set sealed_secret_key = $2, sealed_webhook_secrets = '{}' where id = $1`,
      [id, sealer.seal('sk_test_crowd', id)],
    );
    const crowd = await Promise.all(Array.from({ length: 200 }, () => connections.byId(id)));
    expect(new Set(crowd).size).toBe(1);
    expect(crowd[0]).toMatchObject({ id, keyPrefix: 'sk_test_' });
    expect(pool.totalCount).toBe(1);

    connections.forget(id);
    expect(await connections.byId(id)).not.toBe(crowd[0]);
    expect(await connections.byId('conn_nobody')).toBeNull();
  } finally {
    await orm.close();
  }
});
