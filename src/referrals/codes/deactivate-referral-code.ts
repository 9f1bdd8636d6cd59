import { type EntityManager, LockMode } from '@mikro-orm/core';
import { notFound } from '../../errors.ts';
import { isId } from '../../ids.ts';
import type { Side } from '../../tenancy/teams/side.ts';
import { wakeOpenReferrals } from '../programme/wake-open-referrals.ts';
import { ReferralCode } from './referral-code.entity.ts';

/**
 * Has a code applied by nobody any more, for good.
 * @param input.rejectOpen whether referrals by it that were not converted are rejected; otherwise they go on.
 * @throws Refusal NOT_FOUND.
 */
export async function deactivateReferralCode(
  { em }: { em: EntityManager },
  { projectId, environment }: Side,
  { codeId: id, rejectOpen }: { codeId: string; rejectOpen?: boolean | null },
): Promise<ReferralCode> {
  const locked = { lockMode: LockMode.PESSIMISTIC_WRITE };
  const code = isId('rco', id) && (await em.findOne(ReferralCode, { id, projectId, environment }, locked));
  if (!code) throw notFound('referral code', 'codeId');
  code.deactivatedAt ??= new Date();
  if (rejectOpen) code.rejectsOpen = true;
  await em.flush();
  if (rejectOpen) await wakeOpenReferrals({ em }, { projectId, environment }, code.id);
  return code;
}
