import type { EntityManager } from '@mikro-orm/core';
import { addPayout } from '../payouts/add-payout.ts';
import { addTransaction, type RewardMoney } from './add-transaction.ts';

/**
 * Credits a reward to a customer, in the EntityManager's transaction: the ledger says it from its commit, and the reward's lane puts it on
 * the customer's balance in Stripe. Call it in the server's own work, since a customer's token writes no ledger.
 * @returns whether it is new: a reward is credited once, however often it is asked for.
 */
export async function credit({ em }: { em: EntityManager }, reward: RewardMoney): Promise<boolean> {
  const isNew = await addTransaction(
    { em },
    {
      ...reward,
      kind: 'CREDIT',
      key: `credit/${reward.rewardId}`,
      debit: 'REFERRAL_EXPENSE',
      credit: 'CUSTOMER_CREDIT',
    },
  );
  if (isNew) await addPayout({ em }, { ...reward, kind: 'CREDIT' });
  return isNew;
}
