import { type EntityManager, LockMode } from '@mikro-orm/core';
import { checkText } from '../../check-input.ts';
import type { LimitChanges } from '../../limits/limit-classes.ts';
import { setRateLimits } from '../../limits/set-rate-limits.ts';
import { Team } from './team.entity.ts';

/**
 * Changes a team; what is null or left out stays as it is. The EntityManager is in a transaction.
 * @throws Refusal BAD_USER_INPUT for a name that is empty or has more than 100 characters, and for points out of range.
 */
export async function updateTeam(
  { em }: { em: EntityManager },
  teamId: string,
  { name, rateLimits }: { name?: string | null; rateLimits?: LimitChanges },
): Promise<Team> {
  const team = await em.findOneOrFail(Team, { id: teamId }, { lockMode: LockMode.PESSIMISTIC_WRITE });
  if (name != null) team.name = checkText(name, 'name', { max: 100 });
  if (rateLimits) await setRateLimits({ em }, { teamId }, rateLimits);
  await em.flush();
  return team;
}
