import type { EntityManager } from '@mikro-orm/core';
import { checkEmail } from '../../check-input.ts';
import { conflict } from '../../errors.ts';
import { hashOneTimeToken, newOneTimeToken } from '../../identity/access/one-time-token.ts';
import type { Principal } from '../../identity/access/principal.ts';
import type { Role } from '../../identity/access/roles.ts';
import { newId } from '../../ids.ts';
import { inLockedTeam } from './in-locked-team.ts';
import { TeamInvitation } from './team-invitation.entity.ts';
import { TeamMember } from './team-member.entity.ts';

const validFor = 7 * 24 * 60 * 60 * 1000;

/**
 * Invites an address; an older invitation of it ends.
 * @returns the only copy of the token: who has it, and the address, may join.
 * @throws Refusal BAD_USER_INPUT for an address that is none; FORBIDDEN where an admin invites an owner; CONFLICT for a member.
 */
export function inviteMember(
  { em }: { em: EntityManager },
  principal: Principal,
  input: { email: string; role: Role },
): Promise<{ invitation: TeamInvitation; token: string }> {
  const email = checkEmail(input.email, 'email');
  return inLockedTeam({ em }, principal, async ({ em, team, actor, requireOwner }) => {
    if (input.role === 'OWNER') requireOwner();
    if (await em.count(TeamMember, { team, operator: { email } }))
      throw conflict('Somebody with this address is in the team already.', 'email');
    for (const older of await em.find(TeamInvitation, { team, email, status: 'pending' }))
      em.assign(older, { status: 'canceled', tokenHash: null });
    const token = newOneTimeToken();
    const invitation = em.create(TeamInvitation, {
      id: newId('invite'),
      team,
      email,
      role: input.role,
      tokenHash: hashOneTimeToken(token),
      inviter: actor.operator,
      expiresAt: new Date(Date.now() + validFor),
    });
    return { invitation, token };
  });
}
