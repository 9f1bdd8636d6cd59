import type { EntityManager } from '@mikro-orm/core';
import { badInput, notFound } from '../errors.ts';
import { ApiKey } from '../identity/access/api-key.entity.ts';
import { announceApiKeyChange } from '../identity/access/api-key-changes.ts';
import { Team } from '../tenancy/teams/team.entity.ts';
import { type LimitChanges, mostPoints, type OwnLimits, ownLimitClasses } from './limit-classes.ts';

/**
 * Gives a team, or one of its keys, limits of its own. Every process keeps to them at once.
 * @throws Refusal NOT_FOUND for a key that is none of the team; BAD_USER_INPUT for points out of range.
 */
export async function setRateLimits(
  { em }: { em: EntityManager },
  { teamId, apiKeyId }: { teamId: string; apiKeyId?: string },
  changes: LimitChanges,
): Promise<OwnLimits> {
  const owner = apiKeyId
    ? await em.findOne(ApiKey, { id: apiKeyId, team: teamId })
    : await em.findOne(Team, { id: teamId });
  if (!owner) throw notFound(apiKeyId ? 'API key' : 'team', apiKeyId ? 'id' : undefined);
  owner.rateLimits = changedLimits(owner.rateLimits, changes);
  await announceApiKeyChange(em);
  await em.flush();
  return owner.rateLimits;
}

/** @throws Refusal BAD_USER_INPUT for points out of range. */
export function changedLimits(limits: OwnLimits, changes: LimitChanges): OwnLimits {
  const changed = { ...limits };
  for (const name of ownLimitClasses) {
    const points = changes[name];
    if (points === undefined) continue;
    if (points === null) delete changed[name];
    else if (Number.isSafeInteger(points) && points >= 1 && points <= mostPoints) changed[name] = points;
    else throw badInput(`A limit is 1 to ${mostPoints} points, or null for the default.`, `rateLimits.${name}`);
  }
  return changed;
}
