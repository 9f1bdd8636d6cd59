import type { EntityManager } from '@mikro-orm/core';
import { runStatement } from '../../database/run-statement.ts';
import { insertReferralLanes } from './wake-referrals.ts';

/**
 * Has referrals decided again that may have missed what decides them: a payment that was being written while the code was applied sees no
 * referral to wake, and a hold ends whatever became of its lane.
 */
export async function wakeWaitingReferrals(em: EntityManager): Promise<void> {
  await runStatement(em, statement, []);
}

const statement = insertReferralLanes(`
  r.status = 'PENDING' and exists (
    select from invoice i where i.customer_id = r.referee_id and i.status = 'PAID' and i.amount_paid > 0)
  or r.status = 'QUALIFIED' and exists (
    select from referral_reward w where w.referral_id = r.id and w.status = 'HELD' and w.hold_until <= now())`);
