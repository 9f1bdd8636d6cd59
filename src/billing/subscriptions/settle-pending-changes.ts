import type { EntityManager } from '@mikro-orm/core';
import { runStatement } from '../../database/run-statement.ts';

/** Brings the pending changes of subscriptions that were just written in line: made with the new period, gone with their schedule. */
export async function settlePendingChanges({ em }: { em: EntityManager }, ids: string[]): Promise<void> {
  await runStatement(
    em,
    `with made as (
       update pending_change c set applied_at = c.applies_at from subscription s
       where s.id = any($1) and c.subscription_id = s.id and c.applied_at is null
         and c.stripe_schedule_id = s.stripe_schedule_id and c.applies_at <= s.current_period_start
     )
     delete from pending_change c using subscription s
     where s.id = any($1) and c.subscription_id = s.id
       and (c.stripe_schedule_id is distinct from s.stripe_schedule_id or s.ended_at is not null)`,
    [ids],
  );
}
