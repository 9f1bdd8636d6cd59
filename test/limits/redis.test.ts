import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { limitsWith } from '../../src/limits/limit-classes.ts';
import { type Billgraph, createTenant, startAnother, startBillgraph, type TestTenant } from '../rig/billgraph.ts';
import { ask } from '../rig/graph.ts';
import { hasRedis, startRedis, type TestRedis } from '../rig/redis.ts';

const title = hasRedis ? 'two processes with one Redis' : 'two processes: skipped, since there is no redis-server here';

describe.skipIf(!hasRedis)(title, () => {
  const options = { rateLimits: limitsWith({ CUSTOMER_QUERIES: 4 }) };
  let redis: TestRedis;
  let one: Billgraph;
  let two: Awaited<ReturnType<typeof startAnother>>;
  let tenant: TestTenant;
  beforeEach(async () => {
    redis = await startRedis();
    one = await startBillgraph({ ...options, redisUrl: redis.url });
    two = await startAnother(one, { ...options, redisUrl: redis.url });
    tenant = await createTenant(one);
  });
  afterEach(async () => {
    redis.goOn();
    await two.close();
    await one.close();
    await redis.kill();
  });

  /** A class whose window is an hour: it does not end while the test runs. */
  const left = async (at: { url: string }, key: string) => {
    const { status, headers } = await ask(at, key, '{ customers { totalCount } }');
    return status === 429 ? 'refused' : status === 200 ? Number(headers.get('ratelimit-remaining')) : status;
  };
  const outages = () => one.logged.filter((line) => line.includes('Redis is away')).length;

  it('count together', async () => {
    const [key, other] = [await tenant.newApiKey({}), await tenant.newApiKey({})];
    expect(await left(one, key)).toBe(3);
    expect(await left(two, key)).toBe(2);
    expect(await left(one, key)).toBe(1);
    expect(await left(two, key)).toBe(0);
    expect(await left(one, key)).toBe('refused');
    expect(await left(two, key)).toBe('refused');
    expect(await left(two, other)).toBe(3);
  });

  it.each(['is killed', 'hangs'])('count alone while Redis %s, and together after', async (how) => {
    const key = await tenant.newApiKey({});
    expect(await left(one, key)).toBe(3);
    if (how === 'hangs') redis.hang();
    else await redis.kill();
    for (const at of [one, two]) {
      for (const remaining of [3, 2, 1, 0]) expect(await left(at, key)).toBe(remaining);
      expect(await left(at, key)).toBe('refused');
    }
    expect(outages()).toBe(1);
    if (how === 'hangs') redis.goOn();
    else await redis.start();

    // Each process finds Redis again by itself: then what one spends, the other has not.
    await expect
      .poll(
        async () => {
          const shared = await tenant.newApiKey({});
          return [await left(one, shared), await left(two, shared)];
        },
        { timeout: 15_000 },
      )
      .toEqual([3, 2]);
    expect(outages()).toBe(1);
  });

  it('start while Redis is away, and say so once', async () => {
    await redis.kill();
    const three = await startAnother(one, { ...options, redisUrl: redis.url });
    const key = await tenant.newApiKey({});
    expect(await left(three, key)).toBe(3);
    expect(three.logged.filter((line) => line.includes('Redis is away'))).toHaveLength(1);
    await three.close();
  });
});
