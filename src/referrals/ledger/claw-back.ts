import type { EntityManager } from '@mikro-orm/core';
import { runStatement } from '../../database/run-statement.ts';
import { addPayout } from '../payouts/add-payout.ts';
import type { PayoutState } from '../payouts/payout-states.ts';
import { addTransaction, type RewardMoney } from './add-transaction.ts';

/**
 * Takes a reward back that was credited, in the EntityManager's transaction. What Stripe was never asked for is canceled; what it has, or
 * may have, is debited to the customer's balance there by the reward's lane.
 * @returns whether it is new: false too where the reward was never credited, or Stripe refused to take the credit.
 */
export async function clawBack({ em }: { em: EntityManager }, { rewardId }: { rewardId: string }): Promise<boolean> {
  const [credited] = await runStatement<Credited>(em, lockingCredit, [rewardId]);
  if (!credited) return false;
  const { state, ...money } = { ...credited, amount: BigInt(credited.amount) };
  if (state === 'FAILED' || state === 'CANCELED') return false;
  const isNew = await addTransaction(
    { em },
    {
      ...money,
      kind: 'CLAWBACK',
      key: `clawback/${rewardId}`,
      debit: 'CUSTOMER_CREDIT',
      credit: 'REFERRAL_EXPENSE',
    },
  );
  if (!isNew) return false;
  if (state === 'PENDING') await runStatement(em, canceling, [rewardId]);
  else await addPayout({ em }, { ...money, kind: 'CLAWBACK' });
  return true;
}

type Credited = Omit<RewardMoney, 'amount'> & { amount: string; state: PayoutState };

/** Whoever asks Stripe for the credit says so in this row before. */
const lockingCredit = `
  select reward_id as "rewardId", project_id as "projectId", environment, customer_id as "customerId", amount::text, currency, state
  from referral_payout where reward_id = $1 and kind = 'CREDIT' for update`;

const canceling = `
  update referral_payout set state = 'CANCELED', ended_at = now() where reward_id = $1 and kind = 'CREDIT'`;
