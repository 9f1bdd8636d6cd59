import { viewRateLimits } from '../../limits/rate-limit.type.ts';
import type { ApiKey } from '../access/api-key.entity.ts';

/** A key as it is seen from outside. */
export function viewApiKey(key: ApiKey) {
  const { id, name, lastFour, environment, projectIds, scopes, allowedIps, rateLimits, createdAt } = key;
  const { expiresAt = null, revokedAt = null, lastUsedAt = null } = key;
  return {
    id,
    name,
    prefix: `bs_${environment.toLowerCase()}_`,
    lastFour,
    environment,
    projectIds,
    scopes,
    allowedIps,
    rateLimits: viewRateLimits(rateLimits),
    expiresAt,
    revokedAt,
    lastUsedAt,
    createdAt,
  };
}
