import type { EntityManager } from '@mikro-orm/core';
import { checkText } from '../check-input.ts';
import { Team } from './team.entity.ts';

/** @throws Refusal BAD_USER_INPUT for a name that is empty or has more than 100 characters. */
export async function updateTeam(
  { em }: { em: EntityManager },
  teamId: string,
  input: { name: string },
): Promise<Team> {
  const team = await em.findOneOrFail(Team, { id: teamId });
  team.name = checkText(input.name, 'name', { max: 100 });
  await em.flush();
  return team;
}
