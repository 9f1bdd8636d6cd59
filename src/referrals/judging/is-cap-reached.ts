import type { EntityManager } from '@mikro-orm/core';
import { runStatement } from '../../database/run-statement.ts';
import type { CapPeriod } from '../programme/referral-terms.ts';

export type Cap = { referrerId: string; capReferrals?: number | null; capPeriod: CapPeriod };

/** Whether a referrer has had all the conversions that a cap admits in the period of `now`. Reversed ones count: their place is taken. */
export async function isCapReached(
  { em }: { em: EntityManager },
  { referrerId, capReferrals, capPeriod }: Cap,
  now: Date,
): Promise<boolean> {
  if (capReferrals == null) return false;
  const since = periodStart(capPeriod, now);
  const [row] = await runStatement<{ reached: boolean }>(
    em,
    `select count(*) >= $2 as reached from referral
     where referrer_id = $1 and converted_at is not null and ($3::timestamptz is null or converted_at >= $3)`,
    [referrerId, capReferrals, since?.toISOString() ?? null],
  );
  return row!.reached;
}

function periodStart(period: CapPeriod, now: Date): Date | null {
  if (period === 'EVER') return null;
  return new Date(Date.UTC(now.getUTCFullYear(), period === 'YEAR' ? 0 : now.getUTCMonth(), 1));
}
