import { type EntityManager, LockMode } from '@mikro-orm/core';
import { awaitTurn } from '../../database/await-turn.ts';
import { isCapReached } from '../judging/is-cap-reached.ts';
import { clawBack } from '../ledger/claw-back.ts';
import { credit } from '../ledger/credit.ts';
import { assessInvoices } from '../rewards/assess-invoices.ts';
import type { ReferralReward } from '../rewards/referral-reward.entity.ts';
import type { RewardStatus } from '../rewards/reward-status.ts';
import { end } from '../rewards/settle-reward.ts';
import { type SettledReward, settleRewards } from '../rewards/settle-rewards.ts';
import { Referral } from './referral.entity.ts';
import { type ReferralReason, rejectedByInvoices } from './referral-status.ts';
import { rejectionOf } from './rejection-of.ts';
import { standingOf } from './standing-of.ts';
import { tellOfReferral } from './tell-of-referral.ts';

/**
 * Decides what becomes of a referral, from the rows as they are now and from nothing else: whichever event woke it, late, twice or out of
 * order, the end is the same. Rewards, ledger, and what endpoints are told are in one transaction.
 * @returns when its next hold ends; null where none is.
 */
export function followReferral({ em }: { em: EntityManager }, id: string): Promise<Date | null> {
  return em.transactional(async (em) => {
    const locked = { lockMode: LockMode.PESSIMISTIC_WRITE } as const;
    const decidable = [{ status: { $ne: 'REJECTED' } }, { reason: { $in: rejectedByInvoices } }] as const;
    const referral = await em.findOne(Referral, { id, $or: [...decidable] }, locked);
    if (!referral) return null;
    const ordered = { orderBy: { rewards: { round: 'asc' } } } as const;
    await em.populate(referral, ['referrer', 'referee', 'code', 'rewards'], ordered);
    const before = referral.status;
    const known = new Map(referral.rewards.getItems().map((reward) => [reward.id, reward.status]));
    const now = new Date();
    const { rewards, reason } = await decide({ em }, referral, now);
    if (reason) reject({ referral, rewards, reason, now });
    await em.flush();
    await keepLedger({ em }, rewards, known);
    await tellOfReferral({ em }, { referral, before, now });
    const holds = rewards.flatMap(({ status, holdUntil }) => (status === 'HELD' && holdUntil > now ? holdUntil : []));
    return holds.sort((one, other) => one.getTime() - other.getTime())[0] ?? null;
  });
}

type Decided = { rewards: ReferralReward[]; reason: ReferralReason | null };

/** @returns all its rewards, new ones too, and why it is rejected; null where it is not. */
async function decide({ em }: { em: EntityManager }, referral: Referral, now: Date): Promise<Decided> {
  const known = referral.rewards.getItems();
  const speaking = await rejectionOf({ em }, referral);
  if (speaking) return { rewards: known, reason: speaking };
  const invoices = await assessInvoices({ em }, referral);
  const settled = await settleRewards({ em }, { referral, invoices, now });
  const rewards = [...new Set([...known, ...settled.map(({ reward }) => reward)])];
  if (!(await creditDue({ em }, { referral, settled, now }))) return { rewards, reason: 'CAP_REACHED' };
  const { status, reason } = standingOf(referral, invoices, settled);
  if (status === 'REJECTED') return { rewards, reason };
  if (invoices.length) referral.qualifiedAt ??= now;
  referral.holdUntil ??= rewards.find(({ invoice }) => invoice)?.holdUntil;
  if (status === 'CONVERTED') referral.convertedAt ??= now;
  const endedAt = referral.status === status ? referral.endedAt : now;
  em.assign(referral, { status, reason, endedAt: status === 'REVERSED' ? endedAt : null });
  return { rewards, reason: null };
}

/** Credits what is held no longer. @returns false where the referrer's cap is reached: then nothing is. */
async function creditDue(
  { em }: { em: EntityManager },
  { referral, settled, now }: { referral: Referral; settled: SettledReward[]; now: Date },
): Promise<boolean> {
  const due = settled.filter(({ reward, waits }) => reward.status === 'HELD' && reward.holdUntil <= now && !waits);
  if (!referral.convertedAt && due.some(({ reward }) => reward.invoice)) {
    // Of two that would pass the cap together, the second sees the first.
    await awaitTurn(em, `referral-cap/${referral.referrer.id}`);
    const { capReferrals, capPeriod, referrer } = referral;
    if (await isCapReached({ em }, { referrerId: referrer.id, capReferrals, capPeriod }, now)) return false;
  }
  for (const { reward } of due) Object.assign(reward, { status: 'CREDITED', creditedAt: now });
  return true;
}

/** A referee who was credited for applying the code keeps it where nothing but the referrer's cap speaks against it. */
function reject({ referral, rewards, reason, now }: { referral: Referral; now: Date } & Decided): void {
  const endedAt = referral.status === 'REJECTED' ? referral.endedAt : now;
  Object.assign(referral, { status: 'REJECTED', reason, endedAt });
  for (const reward of rewards) {
    if (reward.status === 'HELD') end(reward, 'CANCELED', 'REFERRAL_REJECTED', now);
    if (reward.status === 'CREDITED' && reason !== 'CAP_REACHED') end(reward, 'CLAWED_BACK', 'REFERRAL_REJECTED', now);
  }
}

async function keepLedger(
  { em }: { em: EntityManager },
  rewards: ReferralReward[],
  before: Map<string, RewardStatus>,
): Promise<void> {
  for (const { id: rewardId, status, projectId, environment, customer, amount, currency } of rewards) {
    if (status === before.get(rewardId)) continue;
    const money = { customerId: customer.id, amount: BigInt(amount), currency };
    if (status === 'CREDITED') await credit({ em }, { rewardId, projectId, environment, ...money });
    if (status === 'CLAWED_BACK') await clawBack({ em }, { rewardId });
  }
}
