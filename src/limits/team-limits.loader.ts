import type { EntityManager } from '@mikro-orm/core';
import DataLoader from 'dataloader';
import { LRUCache } from 'lru-cache';
import { Team } from '../tenancy/teams/team.entity.ts';
import type { OwnLimits } from './limit-classes.ts';

/** As API keys are known (identity/access/api-keys.loader.ts), in milliseconds. */
const knownFor = 5_000;

/** The limits that teams have of their own, for customer tokens and operators: a key brings those of its team along. */
export function createTeamLimitsLoader(em: EntityManager): DataLoader<string, OwnLimits> {
  return new DataLoader(
    async (ids) => {
      const rows = await em.fork().find(Team, { id: { $in: [...ids] } });
      const found = new Map(rows.map(({ id, rateLimits }) => [id, rateLimits]));
      return ids.map((id) => found.get(id) ?? {});
    },
    { cacheMap: new LRUCache<string, Promise<OwnLimits>>({ max: 10_000, ttl: knownFor }) },
  );
}
