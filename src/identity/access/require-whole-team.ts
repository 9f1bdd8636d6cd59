import type { EntityManager } from '@mikro-orm/core';
import { forbidden } from '../../errors.ts';
import { Project } from '../../tenancy/teams/project.entity.ts';
import type { Principal } from './principal.ts';

/**
 * For what concerns a Stripe connection, which every project of a team may share.
 * @throws Refusal FORBIDDEN where the credential does not reach every project of its team.
 */
export async function requireWholeTeam({ em }: { em: EntityManager }, principal: Principal): Promise<void> {
  if (!(await reachesWholeTeam({ em }, principal)))
    throw forbidden(
      'This concerns the Stripe connection, which all projects of the team share: use a key that reaches every one of them.',
    );
}

/** Whether a credential reaches every project of its team. */
export async function reachesWholeTeam(
  { em }: { em: EntityManager },
  { teamId, projectIds }: Principal,
): Promise<boolean> {
  return !(await em.count(Project, { team: teamId, id: { $nin: [...projectIds] } }));
}
