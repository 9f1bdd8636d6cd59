import type { EntityManager } from '@mikro-orm/core';
import { runStatement } from '../../database/run-statement.ts';
import { laneChannel } from '../../lanes/lane-kind.ts';
import { rejectedByInvoices } from './referral-status.ts';

/** The kind of lane that decides a referral: `referral/<id>`, which also awaits the end of holds, and `referral/<id>/<wake-up>`. */
export const referralLanePrefix = 'referral';

export const referralLaneOf = (id: string) => `${referralLanePrefix}/${id}`;

/**
 * Has the referrals of these customers decided anew after the commit, in the EntityManager's transaction, which must be that of what they are
 * decided by: those by which they came, and those that they made where they were not credited for what they are billed in. Each wake-up is a lane
 * of its own, so that no two transactions wait for each other here. What is rejected for good stays so.
 */
export async function wakeReferrals({ em }: { em: EntityManager }, customerIds: (string | null)[]): Promise<void> {
  const ids = [...new Set(customerIds)].filter((id) => id !== null);
  if (ids.length) await runStatement(em, ofCustomers, [ids, rejectedByInvoices]);
}

/** SQL: wakes the referrals `r` of which the condition holds. */
export const insertReferralLanes = (condition: string) => `
  with woken as (
    insert into lane (key)
    select concat_ws('/', '${referralLanePrefix}', r.id, gen_random_uuid()) from referral r where ${condition}
    returning 1
  )
  select pg_notify('${laneChannel}', '') from woken limit 1`;

const ofCustomers = insertReferralLanes(`
  r.referee_id = any($1) and (r.status <> 'REJECTED' or r.reason = any($2))
  or r.referrer_id = any($1) and exists (
    select from referral_reward w
    where w.referral_id = r.id and w.beneficiary = 'REFERRER' and w.status = 'CANCELED' and w.reason = 'CURRENCY_MISMATCH')`);
