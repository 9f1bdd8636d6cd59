import type { EntityManager } from '@mikro-orm/core';
import type { Customer } from '../../billing/customers/customer.entity.ts';
import { runStatement } from '../../database/run-statement.ts';
import type { RewardReason } from './reward-status.ts';

/** Why a customer cannot be credited in a currency: he is no more, or all that he is billed is in another one. Null where he can. */
export async function faultOfBeneficiary(
  { em }: { em: EntityManager },
  { customer, currency }: { customer: Customer; currency: string },
): Promise<RewardReason | null> {
  if (customer.deletedAt) return 'CUSTOMER_DELETED';
  const [billed] = await runStatement<{ otherwise: boolean | null }>(
    em,
    `select bool_and(currency <> $2) as otherwise from invoice where customer_id = $1 and status <> 'DRAFT'`,
    [customer.id, currency],
  );
  return billed?.otherwise ? 'CURRENCY_MISMATCH' : null;
}
