import { expect, it } from 'vitest';
import { builtServer } from '../rig/built-server.ts';
import { raiseStorm } from './raise-storm.ts';

/** The short form of `npm run storm`: the same, smaller, and without a look at the clock. */
const seed = Number(process.env.SEED ?? Date.now() % 2 ** 31);

it(`survives kill -9 and a crash of PostgreSQL (SEED=${seed})`, { timeout: 120_000 }, async () => {
  const { violations, counts } = await raiseStorm({
    seed,
    main: await builtServer('main'),
    deliveries: 2_500,
    perSecond: 250,
    kills: 3,
    crashes: 1,
    size: { customers: 60, products: 10, prices: 20, subscriptions: 120, invoices: 120, payments: 60, methods: 30 },
  });
  process.stdout.write(`storm of processes: ${JSON.stringify(counts)}, seed ${seed}\n`);
  expect(violations).toEqual([]);
});
