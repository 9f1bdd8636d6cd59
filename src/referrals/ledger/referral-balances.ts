import type { EntityManager } from '@mikro-orm/core';
import { runStatement } from '../../database/run-statement.ts';
import type { Money } from '../../graphql/money.type.ts';
import { isId } from '../../ids.ts';
import type { Side } from '../../tenancy/teams/side.ts';

const parts = ['credited', 'clawedBack', 'failedCredit', 'failedClawback', 'inStripe', 'waiting'] as const;

/** Of one currency. */
export type ReferralBalance = Record<(typeof parts)[number], Money>;

/**
 * What rewards come to in each currency, the currencies in order.
 * @param customerId null for all customers of the side together.
 */
export async function referralBalances(
  { em }: { em: EntityManager },
  { projectId, environment }: Side,
  customerId: string | null,
): Promise<ReferralBalance[]> {
  if (customerId !== null && !isId('pc', customerId)) return [];
  const rows = await runStatement<Record<(typeof parts)[number] | 'currency', string>>(em, statement, [
    projectId,
    environment,
    customerId,
  ]);
  return rows.map(
    ({ currency, ...sums }) =>
      Object.fromEntries(parts.map((part) => [part, { amount: BigInt(sums[part]), currency }])) as ReferralBalance,
  );
}

/** What is credit for a customer is below zero in his accounts. */
const creditIn = (which: string) => `(-coalesce(sum(amount) filter (where ${which}), 0))::text`;
const debitIn = (which: string) => `coalesce(sum(amount) filter (where ${which}), 0)::text`;
const owed = `account = 'CUSTOMER_CREDIT'`;

const statement = `
  select currency,
    ${creditIn(`${owed} and kind = 'CREDIT'`)} as credited,
    ${debitIn(`${owed} and kind = 'CLAWBACK'`)} as "clawedBack",
    ${debitIn(`${owed} and (kind = 'REVERSAL' and amount > 0 or kind = 'RETRY' and amount < 0)`)} as "failedCredit",
    ${creditIn(`${owed} and (kind = 'REVERSAL' and amount < 0 or kind = 'RETRY' and amount > 0)`)} as "failedClawback",
    ${creditIn(`account = 'STRIPE_BALANCE'`)} as "inStripe",
    ${creditIn(owed)} as waiting
  from ledger_entry
  where (project_id, environment) = ($1, $2) and customer_id is not null and ($3::text is null or customer_id = $3)
  group by currency order by currency`;
