import type { EntityManager } from '@mikro-orm/core';
import type { Principal } from '../../identity/access/principal.ts';
import type { Role } from '../../identity/access/roles.ts';
import { inLockedTeam } from './in-locked-team.ts';
import type { TeamMember } from './team-member.entity.ts';

/**
 * Gives a member another role, which counts from his next request on.
 * @throws Refusal NOT_FOUND; FORBIDDEN where an admin makes or demotes an owner; CONFLICT for the last owner.
 */
export function updateMemberRole(
  { em }: { em: EntityManager },
  principal: Principal,
  { memberId, role }: { memberId: string; role: Role },
): Promise<TeamMember> {
  return inLockedTeam({ em }, principal, ({ member, requireOwner, requireOtherOwner }) => {
    const changed = member(memberId, 'memberId');
    if (changed.role === role) return changed;
    if (role === 'OWNER' || changed.role === 'OWNER') requireOwner();
    if (changed.role === 'OWNER') requireOtherOwner(changed);
    changed.role = role;
    return changed;
  });
}
