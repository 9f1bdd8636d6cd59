import type { EntityManager } from '@mikro-orm/core';
import type { Referral } from '../life/referral.entity.ts';
import { standingOf } from '../life/standing-of.ts';
import type { AssessedInvoice } from './assess-invoices.ts';
import { faultOfBeneficiary } from './fault-of-beneficiary.ts';
import { type OwedReward, owedForApplying, owedForInvoices } from './owed-rewards.ts';
import type { ReferralReward } from './referral-reward.entity.ts';
import { end, settleReward } from './settle-reward.ts';

/** A reward that stands, and whether it waits for the answer of a bank. */
export type SettledReward = { reward: ReferralReward; waits: boolean };

/**
 * Brings all rewards of a referral to what its invoices are worth now, in memory. What is due is still HELD, and the ledger is the caller's.
 * @param input.referral with its rewards, those of later rounds last.
 */
export async function settleRewards(
  { em }: { em: EntityManager },
  { referral, invoices, now }: { referral: Referral; invoices: AssessedInvoice[]; now: Date },
): Promise<SettledReward[]> {
  const known = referral.rewards.getItems();
  const currency = referral.currency!;
  const settle = async ({ fault, waits, ...owed }: OwedReward): Promise<SettledReward> => {
    const rounds = known.filter((reward) => isOf(reward, owed));
    const why = fault ?? (await faultOfBeneficiary({ em }, { customer: owed.customer, currency }));
    return { reward: settleReward({ em }, { referral, owed: { ...owed, fault: why }, rounds, now }), waits };
  };
  const promised = owedForInvoices(referral, invoices);
  const settled: SettledReward[] = [];
  for (const owed of promised) settled.push(await settle(owed));
  const isRejected = standingOf(referral, invoices, settled).status === 'REJECTED';
  const applying = owedForApplying(referral, { invoices, isRejected });
  if (applying) {
    promised.push(applying);
    settled.push(await settle(applying));
  }
  for (const reward of known) {
    if (promised.some((owed) => isOf(reward, owed))) continue;
    if (reward.status === 'HELD') end(reward, 'CANCELED', 'NOT_AMONG_FIRST', now);
    if (reward.status === 'CREDITED') end(reward, 'CLAWED_BACK', 'NOT_AMONG_FIRST', now);
  }
  return settled;
}

const isOf = (reward: ReferralReward, { beneficiary, invoiceId }: Pick<OwedReward, 'beneficiary' | 'invoiceId'>) =>
  reward.beneficiary === beneficiary && (reward.invoice?.id ?? null) === invoiceId;
