import { RateLimiterMemory } from 'rate-limiter-flexible';
import type { Counter } from './counter.ts';

/** Counts in this process alone. A window that ended is forgotten. */
export function createMemoryCounter(): Counter {
  const limiter = new RateLimiterMemory({ keyPrefix: '', points: 1, duration: 1 });
  return {
    // A penalty is what counts without judging: the limit is the caller's, and may differ from key to key.
    async add(key, points, seconds) {
      const { consumedPoints, msBeforeNext } = await limiter.penalty(key, points, { customDuration: seconds });
      return { consumed: consumedPoints, msBeforeNext };
    },
    close() {},
  };
}
