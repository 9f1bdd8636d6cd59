import type { EntityManager } from '@mikro-orm/core';
import { Invoice } from '../../billing/invoices/invoice.entity.ts';
import { newId } from '../../ids.ts';
import type { Referral } from '../life/referral.entity.ts';
import type { OwedReward } from './owed-rewards.ts';
import { ReferralReward } from './referral-reward.entity.ts';
import type { RewardReason } from './reward-status.ts';

/** What is credited is taken back by these. Who is deleted since, or billed in another currency, has earned it all the same. */
const takesBack: RewardReason[] = ['REFUNDED', 'DISPUTED', 'NOT_AMONG_FIRST', 'REFERRAL_REJECTED'];

/** What of a reward was ended by these comes again where it is so no longer: a refund fails, an invoice that was paid earlier comes to be known. */
const passing: RewardReason[] = [...takesBack, 'CURRENCY_MISMATCH'];

const day = 86_400_000;

type Owed = Omit<OwedReward, 'waits'>;

/**
 * Brings the rewards of one promise to what its invoice is worth now, and leaves to the caller what is due, and what was credited and is
 * no longer earned.
 * @param input.rounds its rewards, the newest last. Only that one can change.
 * @returns the one that stands now.
 */
export function settleReward(
  { em }: { em: EntityManager },
  { referral, owed, rounds, now }: { referral: Referral; owed: Owed; rounds: ReferralReward[]; now: Date },
): ReferralReward {
  const newest = rounds.at(-1);
  const { fault } = owed;
  if (!newest) return addReward({ em }, { referral, owed, now });
  if (newest.status === 'HELD' && fault) end(newest, 'CANCELED', fault, now);
  else if (newest.status === 'CREDITED') {
    if (fault && takesBack.includes(fault)) end(newest, 'CLAWED_BACK', fault, now);
  } else if (newest.reason && passing.includes(newest.reason)) {
    if (fault) newest.reason = fault;
    else if (newest.status === 'CLAWED_BACK') return addReward({ em }, { referral, owed, now, before: newest });
    else if (newest.status === 'CANCELED') em.assign(newest, { status: 'HELD', reason: null, endedAt: null });
  }
  return newest;
}

export function end(reward: ReferralReward, status: 'CANCELED' | 'CLAWED_BACK', reason: RewardReason, now: Date): void {
  Object.assign(reward, { status, reason, endedAt: now });
}

type New = { referral: Referral; owed: Owed; now: Date; before?: ReferralReward };

/** What has a fault from the start is written down too, so that it is seen why nobody is credited. */
function addReward({ em }: { em: EntityManager }, { referral, owed, now, before }: New): ReferralReward {
  const { beneficiary, customer, invoiceId, amount, fault } = owed;
  return em.create(ReferralReward, {
    id: newId('rew'),
    projectId: referral.projectId,
    environment: referral.environment,
    referral,
    customer,
    beneficiary,
    invoice: invoiceId === null ? null : em.getReference(Invoice, invoiceId),
    amount,
    currency: referral.currency!,
    status: fault ? 'CANCELED' : 'HELD',
    reason: fault,
    holdUntil: before?.holdUntil ?? holdOf(referral, { invoiceId, now }),
    round: (before?.round ?? 0) + 1,
    endedAt: fault && now,
  });
}

/** By our clock, from when the payment was seen: at once for applying a code. */
const holdOf = ({ holdDays }: Referral, { invoiceId, now }: { invoiceId: string | null; now: Date }) =>
  invoiceId === null ? now : new Date(now.getTime() + holdDays * day);
