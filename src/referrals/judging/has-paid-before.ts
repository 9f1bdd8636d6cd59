import type { EntityManager } from '@mikro-orm/core';
import { runStatement } from '../../database/run-statement.ts';

/**
 * Whether a customer has paid anything, by Stripe's clock, whenever we heard of it.
 * @param before payments before this instant alone; all that are known where it is null.
 */
export async function hasPaidBefore(
  { em }: { em: EntityManager },
  customerId: string,
  before: Date | null,
): Promise<boolean> {
  // Stripe's instants are whole seconds.
  const second = before && new Date(Math.floor(before.getTime() / 1000) * 1000).toISOString();
  const [row] = await runStatement<{ paid: boolean }>(em, statement, [customerId, second]);
  return row!.paid;
}

const statement = `
  select exists (
    select from invoice i where i.customer_id = $1 and i.status = 'PAID' and i.amount_paid > 0
      and ($2::timestamptz is null or i.paid_at < $2)
    union all
    select from payment p join charge c on c.payment_id = p.id
    where p.customer_id = $1 and c.status = 'SUCCEEDED' and c.amount_captured > 0
      and ($2::timestamptz is null or c.created_at < $2)
  ) as paid`;
