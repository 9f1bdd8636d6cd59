import type { EntityManager } from '@mikro-orm/core';
import { runStatement } from '../../database/run-statement.ts';
import { rejectedByInvoices } from '../life/referral-status.ts';

/** Whether the referee referred the referrer, himself or through others, by referrals that were not rejected for good. */
export async function makesCycle(
  { em }: { em: EntityManager },
  { referrerId, refereeId }: { referrerId: string; refereeId: string },
): Promise<boolean> {
  const [row] = await runStatement<{ cycle: boolean }>(em, statement, [referrerId, refereeId, rejectedByInvoices]);
  return row!.cycle;
}

const statement = `
  with recursive above (customer_id) as (
    select $1::text
    union
    select r.referrer_id from above join referral r on r.referee_id = above.customer_id
      and (r.status <> 'REJECTED' or r.reason = any($3))
  )
  select exists (select from above where customer_id = $2) as cycle`;
