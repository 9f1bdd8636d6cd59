import type { EntityManager } from '@mikro-orm/core';
import { checkText } from '../../check-input.ts';
import type { LimitChanges } from '../../limits/limit-classes.ts';
import { changedLimits } from '../../limits/set-rate-limits.ts';
import type { ApiKey } from '../access/api-key.entity.ts';
import { announceApiKeyChange } from '../access/api-key-changes.ts';
import type { Principal } from '../access/principal.ts';
import { checkNetworks, checkScopes } from './check-api-key.ts';
import { findApiKey } from './find-api-key.ts';

/** What is null or left out stays as it is. */
export type ApiKeyChanges = {
  name?: string | null;
  scopes?: string[] | null;
  allowedIps?: string[] | null;
  rateLimits?: LimitChanges;
};

/**
 * Changes a key. Every process keeps to it at once.
 * @throws Refusal NOT_FOUND; BAD_USER_INPUT with the field.
 */
export async function updateApiKey(
  { em }: { em: EntityManager },
  { teamId }: Principal,
  { apiKeyId, name, scopes, allowedIps, rateLimits }: ApiKeyChanges & { apiKeyId: string },
): Promise<ApiKey> {
  const key = await findApiKey(em, teamId, apiKeyId);
  if (name != null) key.name = checkText(name, 'name', { max: 100 });
  if (scopes) key.scopes = checkScopes(scopes);
  if (allowedIps) key.allowedIps = checkNetworks(allowedIps);
  if (rateLimits) key.rateLimits = changedLimits(key.rateLimits, rateLimits);
  await announceApiKeyChange(em);
  return key;
}
