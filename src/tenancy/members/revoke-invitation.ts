import type { EntityManager } from '@mikro-orm/core';
import { conflict, notInTeam } from '../../errors.ts';
import type { Principal } from '../../identity/access/principal.ts';
import { isId } from '../../ids.ts';
import { inLockedTeam } from './in-locked-team.ts';
import { TeamInvitation } from './team-invitation.entity.ts';

/**
 * Ends an invitation: its link opens nothing more.
 * @throws Refusal NOT_FOUND; FORBIDDEN where an admin ends that of an owner; CONFLICT where it was accepted.
 */
export function revokeInvitation(
  { em }: { em: EntityManager },
  principal: Principal,
  invitationId: string,
): Promise<TeamInvitation> {
  return inLockedTeam({ em }, principal, async ({ em, team, requireOwner }) => {
    const invitation = isId('invite', invitationId) && (await em.findOne(TeamInvitation, { id: invitationId, team }));
    if (!invitation) throw notInTeam('invitation', 'invitationId');
    if (invitation.status === 'accepted')
      throw conflict('This invitation was accepted. Remove the member instead.', 'invitationId');
    if (invitation.role === 'OWNER') requireOwner();
    return em.assign(invitation, { status: 'canceled', tokenHash: null });
  });
}
