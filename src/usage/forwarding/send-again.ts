import type { EntityManager } from '@mikro-orm/core';
import { runStatement } from '../../database/run-statement.ts';
import { wakeLanes } from '../../lanes/wake-lanes.ts';
import { forwardingLaneOf } from './forwarding-lane.ts';

/** Which of what has failed: that of some usage events, or of a meter, by Stripe's codes or whatever it was. */
export type Failed = { usageEventIds: string[] } | { meterId: string; codes?: string[]; atMost?: number };

/**
 * What may have been counted all the same keeps its identifier, by which Stripe would count it once; what certainly was not is as if it
 * had never been sent.
 */
const statement = (which: string) => `
  with held as materialized (
    select id from usage_forwarding where state = 'FAILED' and ${which} order by id limit $2 for update
  )
  update usage_forwarding f
  set state = case when f.asked_at is null then 'PENDING' else 'ASKED' end, failure_code = null, failure_message = null,
    stripe_identifier = case when f.asked_at is not null then f.stripe_identifier end,
    stripe_at = case when f.asked_at is not null then f.stripe_at end,
    stripe_value = case when f.asked_at is not null then f.stripe_value end
  from held where f.id = held.id
  returning f.customer_id as "customerId", f.meter_id as "meterId"`;

/**
 * Lets usage that Stripe refused be sent once more, in the EntityManager's transaction.
 * @returns how many there are.
 */
export async function sendAgain({ em }: { em: EntityManager }, failed: Failed): Promise<number> {
  const [which, values] =
    'meterId' in failed
      ? [
          'meter_id = $1 and ($3::text[] is null or failure_code = any($3))',
          [failed.meterId, failed.atMost ?? null, failed.codes ?? null],
        ]
      : ['usage_event_id = any($1)', [failed.usageEventIds, null]];
  const pairs = await runStatement<{ customerId: string; meterId: string }>(em, statement(which), values);
  await wakeLanes(em, [...new Set(pairs.map(forwardingLaneOf))]);
  return pairs.length;
}
