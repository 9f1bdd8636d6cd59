import type { EntityManager } from '@mikro-orm/core';
import type { ApiKey } from '../access/api-key.entity.ts';
import { announceApiKeyChange } from '../access/api-key-changes.ts';
import type { Principal } from '../access/principal.ts';
import { findApiKey } from './find-api-key.ts';

/**
 * Ends a key, on every process at once. One that was revoked before stays so.
 * @throws Refusal NOT_FOUND
 */
export async function revokeApiKey(
  { em }: { em: EntityManager },
  { teamId }: Principal,
  { apiKeyId }: { apiKeyId: string },
): Promise<ApiKey> {
  const key = await findApiKey(em, teamId, apiKeyId);
  key.revokedAt ??= new Date();
  await announceApiKeyChange(em);
  return key;
}
