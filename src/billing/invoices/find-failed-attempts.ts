import { runStatement } from '../../database/run-statement.ts';
import type { SyncTools } from '../../ingestion/mirror/seen.ts';
import { addressOf, laneOf } from '../../ingestion/mirror/stripe-lane.ts';

/** An attempt to collect an invoice that failed, by Stripe's word. Instants are seconds. */
export type FailedAttempt = { attempt: number; at: number; next: number | null };

/**
 * The failed attempts that events of the inbox tell of which are not done: each is taken in the transaction that marks its
 * event. An invoice's state does not tell an attempt that failed from one that is under way, such as a bank debit.
 * @returns by Stripe's id of the invoice.
 */
export async function findFailedAttempts(
  { em, connection }: Pick<SyncTools, 'em' | 'connection'>,
  stripeInvoiceIds: string[],
): Promise<Map<string, FailedAttempt[]>> {
  const laneKeys = stripeInvoiceIds.map((id) => laneOf({ connectionId: connection.id, object: 'invoice', id }));
  const rows = await runStatement<FailedAttempt & { laneKey: string }>(
    em,
    `select lane_key as "laneKey", (invoice ->> 'attempt_count')::int as attempt, stripe_created::float8 as at,
       (invoice ->> 'next_payment_attempt')::float8 as next
     from (select lane_key, stripe_created, seq, payload #> '{data,object}' as invoice from inbound_event
           where lane_key = any($1) and done_at is null and type = 'invoice.payment_failed') as failed
     where json_typeof(invoice -> 'attempt_count') = 'number' order by stripe_created, seq`,
    [laneKeys],
  );
  return Map.groupBy(rows, ({ laneKey }) => addressOf(laneKey).id);
}
