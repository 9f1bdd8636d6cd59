import type { EntityManager } from '@mikro-orm/core';
import { hasPaidBefore } from '../judging/has-paid-before.ts';
import { judgePair } from '../judging/judge-pair.ts';
import { findReferralConfig } from '../programme/find-referral-config.ts';
import type { Referral } from './referral.entity.ts';
import type { ReferralReason } from './referral-status.ts';

/**
 * Why a referral is not going to be converted, as our rows are now: an address or a card that became the same one since the code was
 * applied, a payment before that which came to be known, or what the project decided. Once it is converted, that payment alone counts: it has
 * an instant of Stripe's, and which webhook came first must not matter. Null where nothing speaks against it.
 */
export async function rejectionOf({ em }: { em: EntityManager }, referral: Referral): Promise<ReferralReason | null> {
  const { referrer, referee, code, appliedAt } = referral;
  if (referral.convertedAt) return (await hasPaidBefore({ em }, referee.id, appliedAt)) ? 'ALREADY_PAYING' : null;
  if (code.rejectsOpen) return 'CODE_INACTIVE';
  const { enabled, rejectsOpen } = await findReferralConfig({ em }, referral);
  if (!enabled && rejectsOpen) return 'PROGRAMME_DISABLED';
  return judgePair({ em }, { referrer, referee, before: appliedAt });
}
