import type { EntityManager } from '@mikro-orm/core';
import { runStatement } from '../../database/run-statement.ts';
import { leastId } from '../../ids.ts';

/** Stripe takes events of 35 days, and takes back those of one: after that a row serves people alone. */
const keptDays = 90;
const day = 86_400_000;
const together = 1_000;

/** What Stripe counted in a minute of which anything is in doubt stays: it is compared with what Stripe has summed up (settle-doubt.ts). */
const pruning = `
  with doubt as materialized (
    select customer_id, meter_id, date_trunc('minute', stripe_at) as minute from usage_forwarding
    where state = 'ASKED'
    union all
    select customer_id, meter_id, date_trunc('minute', stripe_at) from usage_forwarding
    where state = 'FAILED'
  ), old as materialized (
    select f.id from usage_forwarding f
    where f.id > $1 and f.id < $2 and f.state in ('COUNTED', 'DROPPED')
      and coalesce(f.counted_at, f.created_at) < now() - $3 * interval '1 day'
      and not exists (
        select from doubt
        where (doubt.customer_id, doubt.meter_id, doubt.minute) = (f.customer_id, f.meter_id, date_trunc('minute', f.stripe_at))
      )
    order by f.id limit $4 for update of f skip locked
  )
  delete from usage_forwarding f using old where f.id = old.id returning f.id`;

/**
 * Removes from the outbox what has been done for ninety days, in small transactions. What waits or has failed stays, however old. The events
 * stay: one that counts and has no row was forwarded, and is taken back as such (forward-usage.ts).
 * @returns how many rows went.
 */
export async function pruneForwarding({ em }: { em: EntityManager }): Promise<number> {
  const made = leastId('ufw', new Date(Date.now() - keptDays * day));
  for (let pruned = 0, after = ''; ; ) {
    const rows = await runStatement<{ id: string }>(em, pruning, [after, made, keptDays, together]);
    pruned += rows.length;
    if (rows.length < together) return pruned;
    after = rows.reduce((last, { id }) => (id > last ? id : last), after);
  }
}

/** The kind of lane that does it. There is one. */
export const forwardingPruningPrefix = 'prune-forwarding';
export const forwardingPruningLane = `${forwardingPruningPrefix}/done`;
