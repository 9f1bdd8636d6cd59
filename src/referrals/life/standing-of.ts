import { type AssessedInvoice, paidBackBy } from '../rewards/assess-invoices.ts';
import type { SettledReward } from '../rewards/settle-rewards.ts';
import type { Referral } from './referral.entity.ts';
import type { ReferralReason, ReferralStatus } from './referral-status.ts';

type Standing = { status: ReferralStatus; reason: ReferralReason | null };

/** What became of a referral, by its invoices and what they earned. */
export function standingOf(
  { rewardedInvoices }: Referral,
  invoices: AssessedInvoice[],
  settled: SettledReward[],
): Standing {
  const earned = settled.filter(({ reward }) => reward.invoice).map(({ reward }) => reward);
  if (earned.some(({ status }) => status === 'CREDITED')) return { status: 'CONVERTED', reason: null };
  if (earned.some(({ status }) => status === 'HELD')) return { status: 'QUALIFIED', reason: null };
  const paidBack = paidBackBy(invoices);
  if (paidBack) return { status: 'REVERSED', reason: paidBack };
  // What was paid stays paid, and nobody can be credited for it. Another invoice may still be.
  if (!earned.length || invoices.length < rewardedInvoices) return { status: 'PENDING', reason: null };
  const gone = earned.every(({ reason }) => reason === 'CUSTOMER_DELETED');
  return { status: 'REJECTED', reason: gone ? 'CUSTOMER_DELETED' : 'CURRENCY_MISMATCH' };
}
