import type { EntityManager } from '@mikro-orm/core';
import { judgePair } from '../judging/judge-pair.ts';
import { findReferralConfig } from '../programme/find-referral-config.ts';
import type { Referral } from './referral.entity.ts';
import type { ReferralReason } from './referral-status.ts';

/**
 * Why a referral that was not converted yet is not going to be, as our rows are now: an address or a card that became the same one since the
 * code was applied, a payment before that which came to be known, or what the project decided. Null where nothing speaks against it.
 */
export async function rejectionOf({ em }: { em: EntityManager }, referral: Referral): Promise<ReferralReason | null> {
  const { referrer, referee, code, appliedAt } = referral;
  if (code.rejectsOpen) return 'CODE_INACTIVE';
  const { enabled, rejectsOpen } = await findReferralConfig({ em }, referral);
  if (!enabled && rejectsOpen) return 'PROGRAMME_DISABLED';
  return judgePair({ em }, { referrer, referee, before: appliedAt });
}
