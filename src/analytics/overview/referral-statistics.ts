import type { EntityManager } from '@mikro-orm/core';
import Fraction from 'fraction.js';
import { runStatement } from '../../database/run-statement.ts';
import { type ReferralStatus, referralStatuses } from '../../referrals/life/referral-status.ts';
import type { Side } from '../../tenancy/teams/side.ts';
import type { Window } from '../metrics/check-window.ts';
import { definitions } from '../metrics/definitions.ts';
import { countMetric, moneyMetric } from '../metrics/metrics.ts';
import type { ReferralStatisticsType } from './statistics.type.ts';

type Counted = {
  statuses: { status: ReferralStatus; referrals: number }[];
  paid: { currency: string; amount: string }[];
};

/** What became of the referrals of a window, and what was paid for referrals in it, by one statement. */
export async function readReferralStatistics(
  { em }: { em: EntityManager },
  { projectId, environment }: Side,
  { from, to }: Window,
  now: Date,
): Promise<ReferralStatisticsType> {
  const [row] = await runStatement<{ counted: Counted }>(
    em,
    `select json_build_object(
       'statuses', (select coalesce(json_agg(s), '[]') from (
         select status, count(*)::int as referrals from referral
         where project_id = $1 and environment = $2 and applied_at >= $3::timestamptz and applied_at < $4::timestamptz group by status
       ) s),
       'paid', (select coalesce(json_agg(p order by currency), '[]') from (
         select currency, (-sum(amount))::text as amount from ledger_entry
         where project_id = $1 and environment = $2 and account = 'STRIPE_BALANCE'
           and created_at >= $3::timestamptz and created_at < $4::timestamptz group by currency
       ) p)
     ) as counted`,
    [projectId, environment, from.toISOString(), to.toISOString()],
  );
  const { statuses, paid } = row!.counted;
  const countOf = (status: ReferralStatus) => statuses.find((one) => one.status === status)?.referrals ?? 0;
  const all = statuses.reduce((sum, { referrals }) => sum + referrals, 0);
  return {
    applied: countMetric(all, definitions.referralsApplied, now),
    statuses: referralStatuses.map((status) => ({
      status,
      count: countMetric(countOf(status), definitions.referrals, now),
    })),
    creditPaid: paid.map(({ currency, amount }) =>
      moneyMetric(new Fraction(BigInt(amount)), { currency, definition: definitions.referralCreditPaid, asOf: to }),
    ),
  };
}
