import type { EntityManager } from '@mikro-orm/core';
import { runStatement } from '../../database/run-statement.ts';
import type { RewardMoney } from '../ledger/add-transaction.ts';
import type { PayoutKind } from './payout-states.ts';

/** A payout that Stripe is yet to be asked for, or whose answer nobody knows. */
export type WaitingPayout = RewardMoney & {
  id: string;
  kind: PayoutKind;
  state: 'PENDING' | 'ASKED';
  connectionId: string;
  /** Null while the customer is being made in Stripe. */
  stripeCustomerId: string | null;
  idempotencyKey: string | null;
  /** How often one that had failed was asked for anew. */
  retries: number;
  /** Since when Stripe is asked by that key, in seconds. */
  askedAgo: number | null;
};

/** The first payout of a reward that waits: the credit goes before its clawback, which is of the same customer of Stripe's. */
export async function waitingPayout(
  { em }: { em: EntityManager },
  rewardId: string,
): Promise<WaitingPayout | undefined> {
  const [row] = await runStatement<Omit<WaitingPayout, 'amount'> & { amount: string }>(em, statement, [rewardId]);
  return row && { ...row, amount: BigInt(row.amount) };
}

const statement = `
  select payout.id, payout.kind, payout.state, payout.project_id as "projectId", payout.environment, payout.reward_id as "rewardId",
    payout.customer_id as "customerId", payout.amount::text, payout.currency, payout.idempotency_key as "idempotencyKey", payout.retries,
    extract(epoch from now() - payout.asked_at)::float8 as "askedAgo", customer.connection_id as "connectionId",
    coalesce(payout.stripe_customer_id, credited.stripe_customer_id, customer.stripe_customer_id) as "stripeCustomerId"
  from referral_payout payout
  join customer on customer.id = payout.customer_id
  left join referral_payout credited on payout.kind = 'CLAWBACK' and credited.kind = 'CREDIT' and credited.reward_id = payout.reward_id
  where payout.reward_id = $1 and payout.state in ('PENDING', 'ASKED')
  order by payout.id limit 1`;
