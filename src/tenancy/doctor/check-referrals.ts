import type { EntityManager } from '@mikro-orm/core';
import { runStatement } from '../../database/run-statement.ts';
import { type Finding, ill, well } from './finding.ts';

/** So many payouts are named. */
const named = 3;

/**
 * Whether Stripe took the referral credit that the customers of a connection earned, and gave back what was taken back, in the last 30 days. What is
 * past mending is left out: a customer who is deleted, a credit that was taken back since.
 */
export async function checkReferrals(em: EntityManager, connectionId: string): Promise<Finding> {
  const failed = await runStatement<{ id: string; code: string; reason: string }>(em, statement, [connectionId]);
  if (!failed.length)
    return well('REFERRALS', 'Stripe refused no credit for referrals that could still be given, in the last 30 days.');
  const some = failed.slice(0, named).map(({ id, code, reason }) => `${id} (${code}: ${reason})`);
  const more = failed.length > named ? `, and ${failed.length - named} more` : '';
  return ill(
    'REFERRALS',
    `Stripe refused ${failed.length} payouts of referral credit in the last 30 days: ${some.join(', ')}${more}.`,
    'See referralPayouts(filter: { state: [FAILED] }), mend the cause, and use retryReferralPayout for each.',
  );
}

const statement = `
  select p.id, p.failure_code as code, p.failure_message as reason
  from referral_payout p
  join customer c on c.id = p.customer_id
  join referral_reward r on r.id = p.reward_id
  where c.connection_id = $1 and c.deleted_at is null and p.state = 'FAILED' and p.ended_at > now() - interval '30 days'
    and r.status = case p.kind when 'CREDIT' then 'CREDITED' else 'CLAWED_BACK' end
  order by p.ended_at desc, p.id desc
  limit 1000`;
