import type { EntityManager } from '@mikro-orm/core';
import { runStatement } from '../../database/run-statement.ts';
import { newId } from '../../ids.ts';
import type { Side } from '../../tenancy/teams/side.ts';
import type { LedgerAccount, LedgerKind } from './ledger-accounts.ts';

/** So much of a currency, of one reward to one customer. */
export type RewardMoney = Side & {
  rewardId: string;
  customerId: string;
  /** In minor units, above zero. */
  amount: bigint;
  /** ISO 4217, upper case. */
  currency: string;
};

export type NewTransaction = RewardMoney & {
  kind: LedgerKind;
  /** What it is about, once: see LedgerEntry. */
  key: string;
  /** The account that gets the amount. */
  debit: LedgerAccount;
  /** The account that gives it. */
  credit: LedgerAccount;
};

/**
 * Writes a transaction of the ledger into the EntityManager's transaction: a pair of entries that sum to zero.
 * @returns whether it is new. One of this key that was written before stays as it is.
 */
export async function addTransaction(
  { em }: { em: EntityManager },
  { kind, key, debit, credit, ...money }: NewTransaction,
): Promise<boolean> {
  if (money.amount <= 0n) throw new Error(`${key} is of ${money.amount}: the ledger takes amounts above zero.`);
  const entry = (account: LedgerAccount, amount: bigint) => ({
    id: newId('led'),
    account,
    amount: amount.toString(),
    customer_id: account === 'REFERRAL_EXPENSE' ? null : money.customerId,
  });
  const rows = await runStatement(em, statement, [
    JSON.stringify([entry(debit, money.amount), entry(credit, -money.amount)]),
    newId('ltx'),
    key,
    kind,
    money.projectId,
    money.environment,
    money.currency,
    money.rewardId,
  ]);
  return rows.length > 0;
}

const statement = `
  insert into ledger_entry
    (id, project_id, environment, transaction_id, key, kind, account, customer_id, amount, currency, reward_id, created_at)
  select entry.id, $5, $6, $2, $3, $4, entry.account, entry.customer_id, entry.amount, $7, $8, now()
  from json_populate_recordset(null::ledger_entry, $1) as entry
  order by entry.account
  on conflict (key, account) do nothing
  returning id`;
