import type { EntityManager } from '@mikro-orm/core';
import { Refusal } from '../../errors.ts';
import type { Principal } from '../../identity/access/principal.ts';
import { inLockedTeam } from './in-locked-team.ts';

/**
 * Ends the operator's own membership.
 * @param teamId the team of the request, named once more so that none is left by mistake.
 * @throws Refusal NOT_FOUND for another team; CONFLICT for the last owner.
 */
export function leaveTeam({ em }: { em: EntityManager }, principal: Principal, teamId: string): Promise<void> {
  if (teamId !== principal.teamId)
    throw new Refusal('NOT_FOUND', 'This request is not in that team: name it in the header Billgraph-Team.', {
      field: 'teamId',
    });
  return inLockedTeam({ em }, principal, ({ em, actor, requireOtherOwner }) => {
    if (actor.role === 'OWNER') requireOtherOwner(actor);
    em.remove(actor);
  });
}
