import type { EntityManager } from '@mikro-orm/core';
import type { Principal } from '../../identity/access/principal.ts';
import { inLockedTeam } from './in-locked-team.ts';

/**
 * Ends somebody's membership, and with it, at once, all that he may do in the team.
 * @throws Refusal NOT_FOUND; FORBIDDEN where an admin removes an owner; CONFLICT for the last owner.
 */
export function removeMember({ em }: { em: EntityManager }, principal: Principal, memberId: string): Promise<void> {
  return inLockedTeam({ em }, principal, ({ em, actor, member, requireOwner, requireOtherOwner }) => {
    const leaving = member(memberId, 'memberId');
    if (leaving.role === 'OWNER') {
      if (leaving !== actor) requireOwner();
      requireOtherOwner(leaving);
    }
    em.remove(leaving);
  });
}
