import type { EntityManager } from '@mikro-orm/core';
import { runStatement } from '../../database/run-statement.ts';
import { newId } from '../../ids.ts';
import { wakeLanes } from '../../lanes/wake-lanes.ts';
import type { RewardMoney } from '../ledger/add-transaction.ts';
import { payoutLaneOf } from './payout-lane.ts';
import type { PayoutKind } from './payout-states.ts';

/** Has Stripe's balance of a customer changed by a reward, in the transaction that writes the ledger; the reward's lane does it. */
export async function addPayout(
  { em }: { em: EntityManager },
  { kind, rewardId, projectId, environment, customerId, amount, currency }: RewardMoney & { kind: PayoutKind },
): Promise<void> {
  const values = [newId('rpo'), projectId, environment, customerId, rewardId, kind, amount.toString(), currency];
  await runStatement(em, statement, values);
  await wakeLanes(em, [payoutLaneOf(rewardId)]);
}

const statement = `
  insert into referral_payout (id, project_id, environment, customer_id, reward_id, kind, state, amount, currency, created_at)
  values ($1, $2, $3, $4, $5, $6, 'PENDING', $7, $8, now())
  on conflict (reward_id, kind) do nothing`;
