import { expect, it } from 'vitest';
import { builtServer } from '../rig/built-server.ts';
import { createDatabase } from '../rig/database.ts';
import { soak } from './soak.ts';

/** The short form of `npm run soak`: the same, smaller, and without a look at the clock. */
const seed = Number(process.env.SEED ?? Date.now() % 2 ** 31);

it(`pushes each client the newest state, at two servers (SEED=${seed})`, { timeout: 120_000 }, async () => {
  const database = await createDatabase();
  const size = { clients: 60, customers: 10, seconds: 2, changesPerSecond: 30, byWebhook: 20 };
  const main = await builtServer('main');
  const { violations, counts } = await soak({ seed, databaseUrl: database.url, main, ...size }).finally(database.drop);
  process.stdout.write(`soak of streams: ${JSON.stringify(counts)}, seed ${seed}\n`);
  expect(violations).toEqual([]);
  expect(counts.pushes).toBeGreaterThan(size.clients);
});
