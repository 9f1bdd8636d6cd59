import type { BlockList } from 'node:net';
import type { EntityManager } from '@mikro-orm/core';
import DataLoader from 'dataloader';
import { LRUCache } from 'lru-cache';
import type { OwnLimits } from '../../limits/limit-classes.ts';
import { allowedAddresses } from './allowed-addresses.ts';
import { ApiKey } from './api-key.entity.ts';
import { keyScopes } from './scopes.ts';

/** What is kept of a key between requests. */
export type KnownApiKey = Pick<ApiKey, 'id' | 'projectIds' | 'environment' | 'expiresAt' | 'revokedAt'> & {
  teamId: string;
  scopes: ReadonlySet<string>;
  /** Null where it may come from any address. */
  allowedAddresses: BlockList | null;
  /** The key's own, and its team's. */
  ownLimits: OwnLimits;
};

/** How long a revoked key may still be answered by a process that knew it, in milliseconds. */
const knownFor = 5_000;

/** Finds keys by their hash: the keys of requests that come together in one statement, and a known key without any. */
export function createApiKeyLoader(em: EntityManager): DataLoader<string, KnownApiKey | null> {
  return new DataLoader(
    async (hashes) => {
      const rows = await em.fork().find(ApiKey, { hash: { $in: [...hashes] } }, { populate: ['team'] });
      const found = new Map(rows.map((row) => [row.hash, known(row)]));
      return hashes.map((hash) => found.get(hash) ?? null);
    },
    { cacheMap: new LRUCache<string, Promise<KnownApiKey | null>>({ max: 10_000, ttl: knownFor }) },
  );
}

function known(row: ApiKey): KnownApiKey {
  const { id, projectIds, environment, expiresAt, revokedAt } = row;
  // A right of people does not come to a key, whatever its row says.
  const scopes = new Set(row.scopes.filter((scope) => keyScopes.some((allowed) => allowed === scope)));
  const { id: teamId, rateLimits: ofTeam } = row.team;
  const ownLimits = { ...ofTeam, ...row.rateLimits };
  return {
    id,
    projectIds,
    environment,
    expiresAt,
    revokedAt,
    teamId,
    scopes,
    allowedAddresses: allowedAddresses(row.allowedIps),
    ownLimits,
  };
}
