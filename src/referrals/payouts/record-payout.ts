import type { EntityManager } from '@mikro-orm/core';
import { runStatement } from '../../database/run-statement.ts';
import { addTransaction } from '../ledger/add-transaction.ts';
import type { Verdict } from './ask-for-payout.ts';
import type { WaitingPayout } from './waiting-payout.ts';

/**
 * Says before Stripe is asked that it is, and by which key: whoever comes after a crash asks the same.
 * @returns the key; null where the payout was canceled meanwhile, or is worked by somebody else.
 */
export async function stampPayout(
  { em }: { em: EntityManager },
  { id, stripeCustomerId }: WaitingPayout,
): Promise<string | null> {
  const [row] = await runStatement<{ key: string }>(
    em,
    `update referral_payout set state = 'ASKED', asked_at = now(), stripe_customer_id = $2, idempotency_key = coalesce(idempotency_key, id)
     where id = $1 and state = 'PENDING' returning idempotency_key as key`,
    [id, stripeCustomerId],
  );
  return row?.key ?? null;
}

/**
 * Has the payout asked for anew, unless somebody else does.
 * @param how.byNewKey where the old one may be forgotten, and Stripe's list shows that it did nothing.
 */
export async function resetPayout(
  { em }: { em: EntityManager },
  { id, idempotencyKey }: WaitingPayout,
  { byNewKey }: { byNewKey: boolean },
): Promise<void> {
  await runStatement(
    em,
    `update referral_payout set state = 'PENDING', asked_at = null, idempotency_key = idempotency_key || $3
     where id = $1 and state = 'ASKED' and idempotency_key = $2`,
    [id, idempotencyKey, byNewKey ? '+' : ''],
  );
}

/**
 * Writes down what Stripe did, or refuses to do for good, with what the ledger says of it, in the EntityManager's transaction.
 * A payout that has ended stays as it is. Each failure is reversed once, and so is one after a retry.
 */
export async function recordPayout(
  { em }: { em: EntityManager },
  payout: WaitingPayout,
  verdict: Exclude<Verdict, { is: 'not done' }>,
): Promise<void> {
  const { id, kind, rewardId, retries } = payout;
  const gives = kind === 'CREDIT';
  if (verdict.is === 'done') {
    if (!(await end(em, payout, 'DONE', [verdict.stripeBalanceTransactionId, null, null]))) return;
    const [debit, credit] = gives ? customerThenStripe : stripeThenCustomer;
    await addTransaction({ em }, { ...payout, kind: 'PAYOUT', key: `payout/${id}`, debit, credit });
    return;
  }
  if (!(await end(em, payout, 'FAILED', [null, verdict.code, verdict.reason]))) return;
  // What was clawed back meanwhile is reversed by that, and there is nothing to take from Stripe.
  if (gives && (await runStatement(em, canceling, [rewardId])).length) return;
  const [debit, credit] = gives ? customerThenExpense : expenseThenCustomer;
  await addTransaction(
    { em },
    { ...payout, kind: 'REVERSAL', key: retries ? `reversal/${id}/${retries}` : `reversal/${id}`, debit, credit },
  );
}

const customerThenStripe = ['CUSTOMER_CREDIT', 'STRIPE_BALANCE'] as const;
const stripeThenCustomer = ['STRIPE_BALANCE', 'CUSTOMER_CREDIT'] as const;
const customerThenExpense = ['CUSTOMER_CREDIT', 'REFERRAL_EXPENSE'] as const;
const expenseThenCustomer = ['REFERRAL_EXPENSE', 'CUSTOMER_CREDIT'] as const;

/** What was done is done, whoever asked; a refusal is of the state in which it was heard, and of that try. */
async function end(
  em: EntityManager,
  { id, state, retries }: WaitingPayout,
  becomes: 'DONE' | 'FAILED',
  said: (string | null)[],
): Promise<boolean> {
  const rows = await runStatement(
    em,
    `update referral_payout
     set state = $3, stripe_balance_transaction_id = $4, failure_code = $5, failure_message = $6, ended_at = now()
     where id = $1 and state in ('PENDING', 'ASKED') and (state = $2 and retries = $7 or $3 = 'DONE') returning id`,
    [id, state, becomes, ...said, retries],
  );
  return rows.length > 0;
}

const canceling = `
  update referral_payout set state = 'CANCELED', ended_at = now()
  where reward_id = $1 and kind = 'CLAWBACK' and state = 'PENDING' returning id`;
