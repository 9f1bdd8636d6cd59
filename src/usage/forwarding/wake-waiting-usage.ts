import type { EntityManager } from '@mikro-orm/core';
import { runStatement } from '../../database/run-statement.ts';
import { wakeLanes } from '../../lanes/wake-lanes.ts';
import { forwardingLaneOf, forwardingLanePrefix } from './forwarding-lane.ts';

/** So many lanes are woken at a time: what is left waits for the next minute. */
const together = 1_000;

/**
 * Wakes the lanes of usage that waits without one: its customer or meter was not in Stripe, or the account was disconnected, and
 * now it can be sent.
 */
export async function wakeWaitingUsage(em: EntityManager): Promise<void> {
  const pairs = await runStatement<{ customerId: string; meterId: string }>(
    em,
    `select distinct f.customer_id as "customerId", f.meter_id as "meterId" from usage_forwarding f
     join customer on customer.id = f.customer_id join meter on meter.id = f.meter_id
     join stripe_connection connection on connection.id = meter.connection_id
     where f.state in ('PENDING', 'ASKED') and customer.stripe_customer_id is not null and meter.stripe_meter_id is not null
       and connection.sealed_secret_key is not null
       and not exists (
         select from lane where lane.key = concat('${forwardingLanePrefix}/', f.customer_id, '/', f.meter_id)
       )
     limit $1`,
    [together],
  );
  await wakeLanes(em, pairs.map(forwardingLaneOf));
}
