import type { EntityManager, LockMode } from '@mikro-orm/core';
import { Refusal } from '../../errors.ts';
import { hashOneTimeToken } from '../../identity/access/one-time-token.ts';
import { TeamInvitation } from './team-invitation.entity.ts';

/**
 * The invitation of a token.
 * @throws Refusal NOT_FOUND for a token that is unknown, used, revoked or expired.
 */
export async function findInvitation(
  { em }: { em: EntityManager },
  token: string,
  options: { lockMode?: LockMode.PESSIMISTIC_WRITE } = {},
): Promise<TeamInvitation> {
  const open = { tokenHash: hashOneTimeToken(token), status: 'pending', expiresAt: { $gt: new Date() } } as const;
  const invitation = await em.findOne(TeamInvitation, open, { ...options, refresh: true });
  if (invitation) return invitation;
  throw new Refusal('NOT_FOUND', 'This invitation was used, revoked, or has expired. Ask for another one.', {
    field: 'token',
  });
}
