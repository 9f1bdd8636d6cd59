import type { EntityManager } from '@mikro-orm/core';
import { runStatement } from '../../database/run-statement.ts';
import { wakeLanes } from '../../lanes/wake-lanes.ts';
import { payoutLaneOf, payoutLanePrefix } from './payout-lane.ts';

/** So many lanes are woken at a time: what is left waits for the next minute. */
const together = 1_000;

/**
 * Wakes the lanes of payouts that wait without one: their customer was not in Stripe, or the account was disconnected, and now Stripe can
 * be asked.
 */
export async function wakeWaitingPayouts(em: EntityManager): Promise<void> {
  const rewards = await runStatement<{ rewardId: string }>(
    em,
    `select distinct payout.reward_id as "rewardId" from referral_payout payout
     join customer on customer.id = payout.customer_id
     join stripe_connection connection on connection.id = customer.connection_id
     where payout.state in ('PENDING', 'ASKED') and customer.stripe_customer_id is not null
       and connection.sealed_secret_key is not null
       and not exists (select from lane where lane.key = concat('${payoutLanePrefix}/', payout.reward_id))
     limit $1`,
    [together],
  );
  await wakeLanes(
    em,
    rewards.map(({ rewardId }) => payoutLaneOf(rewardId)),
  );
}
