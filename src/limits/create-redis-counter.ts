import { Redis } from 'ioredis';
import type { BaseLogger } from 'pino';
import { RateLimiterRedis } from 'rate-limiter-flexible';
import type { Counter } from './counter.ts';
import { createMemoryCounter } from './create-memory-counter.ts';

/** A Redis that takes longer counts as away. In milliseconds. */
const answersWithin = 250;
/** How long one that failed is not asked again, so that one that hangs does not delay every request. In milliseconds. */
const restsFor = 1_000;

/**
 * Counts in Redis, together with every process that has the same one. While Redis is away each process counts for itself:
 * nothing is refused for it, and nothing is unlimited. Each outage is logged once.
 */
export async function createRedisCounter({
  url,
  log,
}: {
  url: string;
  log: Pick<BaseLogger, 'warn' | 'info'>;
}): Promise<Counter> {
  const memory = createMemoryCounter();
  const redis = new Redis(url, {
    enableOfflineQueue: false,
    maxRetriesPerRequest: 0,
    connectTimeout: 2_000,
    commandTimeout: answersWithin,
    retryStrategy: (attempt) => Math.min(attempt * 100, 2_000),
  });
  const limiter = new RateLimiterRedis({
    storeClient: redis,
    keyPrefix: 'billgraph:limit',
    rejectIfRedisNotReady: true,
    points: 1,
    duration: 1,
  });
  let isAway = false;
  let restsUntil = 0;

  function away(err: unknown) {
    restsUntil = Date.now() + restsFor;
    if (!isAway) log.warn({ err }, 'Redis is away: each process counts its rate limits for itself meanwhile');
    isAway = true;
  }

  redis.on('error', away);
  await new Promise<void>((resolve) => {
    const tooLong = setTimeout(resolve, restsFor);
    for (const event of ['ready', 'error'])
      redis.once(event, () => {
        clearTimeout(tooLong);
        resolve();
      });
  });
  return {
    async add(key, points, seconds) {
      if (Date.now() < restsUntil) return memory.add(key, points, seconds);
      try {
        const { consumedPoints, msBeforeNext } = await limiter.penalty(key, points, { customDuration: seconds });
        if (isAway) log.info('Redis is back');
        isAway = false;
        return { consumed: consumedPoints, msBeforeNext };
      } catch (failure) {
        away(failure);
        return memory.add(key, points, seconds);
      }
    },
    close() {
      redis.disconnect();
    },
  };
}
