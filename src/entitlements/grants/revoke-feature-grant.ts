import { type EntityManager, LockMode } from '@mikro-orm/core';
import { checkText } from '../../check-input.ts';
import { conflict, notFound } from '../../errors.ts';
import { isId } from '../../ids.ts';
import type { Side } from '../../tenancy/teams/side.ts';
import { FeatureGrant } from './feature-grant.entity.ts';
import type { Actor } from './grant-feature.ts';

/**
 * Ends a grant or an override now, or before it begins.
 * @throws Refusal NOT_FOUND; CONFLICT where it was revoked or has expired; BAD_USER_INPUT for the reason.
 */
export async function revokeFeatureGrant(
  { em }: { em: EntityManager },
  { projectId, environment }: Side,
  actor: Actor,
  { grantId: id, reason }: { grantId: string; reason: string },
): Promise<FeatureGrant> {
  const options = { lockMode: LockMode.PESSIMISTIC_WRITE };
  const grant = isId('fgr', id) && (await em.findOne(FeatureGrant, { id, projectId, environment }, options));
  if (!grant) throw notFound('grant', 'grantId');
  const now = new Date();
  if (grant.revokedAt) throw conflict('This grant was revoked already.', 'grantId');
  if (grant.expiresAt && grant.expiresAt <= now) throw conflict('This grant has expired already.', 'grantId');
  const revokeReason = checkText(reason, 'reason', { max: 500 });
  em.assign(grant, { revokedAt: now, revokerKind: actor.kind, revokerId: actor.id, revokeReason });
  await em.flush();
  return grant;
}
