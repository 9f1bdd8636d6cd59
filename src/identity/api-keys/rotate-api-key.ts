import type { EntityManager } from '@mikro-orm/core';
import { badInput, conflict } from '../../errors.ts';
import { ApiKey } from '../access/api-key.entity.ts';
import { announceApiKeyChange } from '../access/api-key-changes.ts';
import { createApiKey } from '../access/create-api-key.ts';
import type { Principal } from '../access/principal.ts';
import type { KeyScope } from '../access/scopes.ts';
import { findApiKey } from './find-api-key.ts';

const day = 24;
const mostHours = 30 * day;
const hour = 3_600_000;
/** Of the instants that the graph can tell. */
const latest = Date.parse('9999-12-31T23:59:59.999Z');

/**
 * Makes a new key that may do what the old one may, and lives as long from now on; the old one ends after the overlap.
 * @param input.overlapHours a day by default, 30 days at most; 0 where the old key was leaked.
 * @throws Refusal NOT_FOUND; CONFLICT for a key that has ended; BAD_USER_INPUT for an overlap out of range.
 */
export async function rotateApiKey(
  { em }: { em: EntityManager },
  { teamId }: Principal,
  { apiKeyId, overlapHours }: { apiKeyId: string; overlapHours?: number | null },
): Promise<{ apiKey: ApiKey; rotated: ApiKey; secret: string }> {
  const overlap = overlapHours ?? day;
  if (!(overlap >= 0 && overlap <= mostHours))
    throw badInput(`The overlap is 0 to ${mostHours} hours.`, 'overlapHours');
  const now = new Date();
  const rotated = await findApiKey(em, teamId, apiKeyId);
  const { expiresAt, createdAt } = rotated;
  if (rotated.revokedAt || (expiresAt && expiresAt <= now))
    throw conflict('This API key has ended. Create a new one.', 'apiKeyId');
  const { name, projectIds, environment, allowedIps, rateLimits } = rotated;
  const life = expiresAt && expiresAt.getTime() - createdAt.getTime();
  const { id, secret } = await createApiKey(
    { em },
    {
      teamId,
      name,
      projectIds,
      environment,
      allowedIps,
      rateLimits,
      scopes: rotated.scopes as KeyScope[],
      expiresAt: life ? new Date(Math.min(now.getTime() + life, latest)) : undefined,
    },
  );
  const ends = new Date(now.getTime() + overlap * hour);
  if (overlap === 0) rotated.revokedAt = now;
  else if (!expiresAt || expiresAt > ends) rotated.expiresAt = ends;
  await announceApiKeyChange(em);
  return { apiKey: await em.findOneOrFail(ApiKey, id), rotated, secret };
}
