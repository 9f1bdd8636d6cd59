import type { EntityManager } from '@mikro-orm/core';
import { conflict } from '../../errors.ts';
import type { Principal } from '../../identity/access/principal.ts';
import { inLockedTeam } from './in-locked-team.ts';
import type { TeamMember } from './team-member.entity.ts';

/**
 * Makes another member an owner, and the owner who asks an admin: both, or none of it.
 * @throws Refusal NOT_FOUND; FORBIDDEN where who asks is no owner any more; CONFLICT where it is himself.
 */
export function transferOwnership(
  { em }: { em: EntityManager },
  principal: Principal,
  memberId: string,
): Promise<TeamMember> {
  return inLockedTeam({ em }, principal, ({ actor, member, requireOwner }) => {
    requireOwner();
    const successor = member(memberId, 'memberId');
    if (successor === actor) throw conflict('You own the team already: name somebody else.', 'memberId');
    successor.role = 'OWNER';
    actor.role = 'ADMIN';
    return successor;
  });
}
