import type { EntityManager } from '@mikro-orm/core';
import { runStatement } from '../../database/run-statement.ts';
import { conflict, notFound } from '../../errors.ts';
import { isId } from '../../ids.ts';
import { wakeLanes } from '../../lanes/wake-lanes.ts';
import type { Side } from '../../tenancy/teams/side.ts';
import { addTransaction, type RewardMoney } from '../ledger/add-transaction.ts';
import type { RewardStatus } from '../rewards/reward-status.ts';
import { payoutLaneOf } from './payout-lane.ts';
import type { PayoutKind, PayoutState } from './payout-states.ts';

/**
 * Has a payout that failed asked for anew, in the EntityManager's transaction: the ledger owes it again, and the reward's lane brings it to Stripe.
 * Where Stripe was asked before, the customer's entries are looked through first, and a new key is used after that alone.
 * @throws Refusal NOT_FOUND; CONFLICT where it has not failed, and where the reward is not what the payout is for any more.
 */
export async function retryReferralPayout(
  { em }: { em: EntityManager },
  { projectId, environment }: Side,
  { id }: { id: string },
): Promise<{ id: string; retries: number }> {
  const [failed] = isId('rpo', id) ? await runStatement<Failed>(em, locking, [id, projectId, environment]) : [];
  if (!failed) throw notFound('referral payout', 'id');
  const { kind, state, rewardId } = failed;
  if (state !== 'FAILED') throw conflict(`This payout is ${state}. Only one that FAILED is asked for again.`, 'id');
  // Not before the lock: whoever takes the reward back reads the payout behind it.
  const [reward] = await runStatement<{ status: RewardStatus }>(em, rewardOf, [rewardId]);
  const isWanted = reward?.status === (kind === 'CREDIT' ? 'CREDITED' : 'CLAWED_BACK');
  if (!isWanted) throw conflict('The reward was taken back since: nothing is to be put on the balance.', 'id');
  const [{ retries }] = (await runStatement<{ retries: number }>(em, opening, [id])) as [{ retries: number }];
  const [debit, credit] =
    kind === 'CREDIT'
      ? (['REFERRAL_EXPENSE', 'CUSTOMER_CREDIT'] as const)
      : (['CUSTOMER_CREDIT', 'REFERRAL_EXPENSE'] as const);
  const money = { ...failed, amount: BigInt(failed.amount) };
  await addTransaction({ em }, { ...money, kind: 'RETRY', key: `retry/${id}/${retries}`, debit, credit });
  await wakeLanes(em, [payoutLaneOf(rewardId)]);
  return { id, retries };
}

type Failed = Omit<RewardMoney, 'amount'> & { amount: string; kind: PayoutKind; state: PayoutState };

const locking = `
  select reward_id as "rewardId", project_id as "projectId", environment, customer_id as "customerId", amount::text, currency, kind, state
  from referral_payout where (id, project_id, environment) = ($1, $2, $3) for update`;

const rewardOf = 'select status from referral_reward where id = $1';

/** One that Stripe was asked for is as one whose answer nobody has known for long: see isForgotten. */
const opening = `
  update referral_payout
  set state = case when idempotency_key is null then 'PENDING' else 'ASKED' end,
    asked_at = case when idempotency_key is null then null else to_timestamp(0) end,
    retries = retries + 1, failure_code = null, failure_message = null, ended_at = null
  where id = $1 returning retries`;
