import type { EntityManager } from '@mikro-orm/core';
import type { BaseLogger } from 'pino';
import { type AddressLimits, createAddressLimits } from './address-limits.ts';
import type { AllowanceTools } from './allowance.ts';
import { createUsageCounter, type UsageCounter } from './count-usage.ts';
import type { Counter } from './counter.ts';
import { createMemoryCounter } from './create-memory-counter.ts';
import { type Limits, limitsWith } from './limit-classes.ts';
import { createTeamLimitsLoader } from './team-limits.loader.ts';

export type RateLimits = {
  addresses: AddressLimits;
  allowances: AllowanceTools;
  usage: UsageCounter;
  /** Asks again what limits teams have of their own. */
  forget(): void;
  /** Writes the usage that was counted, and closes what is open. */
  close(): Promise<void>;
};

/** The rate limits of a process: in memory, or in Redis where several processes count together. */
export async function openLimits(
  { em, log }: { em: EntityManager; log: Pick<BaseLogger, 'warn' | 'info'> },
  options: { rateLimits?: Limits; redisUrl?: string; counter?: Counter },
): Promise<RateLimits> {
  const { rateLimits: limits = limitsWith(), redisUrl } = options;
  const memory = options.counter ?? createMemoryCounter();
  const counter = redisUrl ? await countInRedis(redisUrl, log) : memory;
  const usage = createUsageCounter({ em, log });
  const teamLimits = createTeamLimitsLoader(em);
  return {
    addresses: createAddressLimits({ counter: memory, limits }),
    allowances: { counter, limits, usage, limitsOfTeam: (teamId) => teamLimits.load(teamId) },
    usage,
    forget: () => void teamLimits.clearAll(),
    async close() {
      await usage.close();
      counter.close();
    },
  };
}

/** Its client is loaded only where there is a Redis: a start has to be quick. */
async function countInRedis(url: string, log: Pick<BaseLogger, 'warn' | 'info'>): Promise<Counter> {
  const { createRedisCounter } = await import('./create-redis-counter.ts');
  return createRedisCounter({ url, log });
}
