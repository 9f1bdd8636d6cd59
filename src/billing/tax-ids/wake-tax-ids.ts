import type Stripe from 'stripe';
import { runStatement } from '../../database/run-statement.ts';
import type { Seen, SyncTools } from '../../ingestion/mirror/seen.ts';
import { laneOf } from '../../ingestion/mirror/stripe-lane.ts';
import { wakeLanes } from '../../lanes/wake-lanes.ts';

/**
 * Has the worker look at the tax ids that customers were shown with, by a list or a fetch: those that have no row, or another state
 * there, and rows that are not among them. What an event tells of a customer shows none.
 */
export async function wakeTaxIds({ em, connection }: SyncTools, seen: Seen<Stripe.Customer>[]): Promise<void> {
  const shown = seen.flatMap(({ object }) => (object?.tax_ids ? [{ id: object.id, taxIds: object.tax_ids.data }] : []));
  if (!shown.length) return;
  const rows = await runStatement<{ id: string; value: string | null; status: string | null }>(
    em,
    `select stripe_tax_id as id, value, status from tax_id
     where connection_id = $1 and (stripe_tax_id = any($2) or deleted_at is null and customer_id = any (
       select id from customer where connection_id = $1 and stripe_customer_id = any($3)))`,
    [connection.id, shown.flatMap(({ taxIds }) => taxIds.map(({ id }) => id)), shown.map(({ id }) => id)],
  );
  const known = new Map(rows.map(({ id, value, status }) => [id, `${value} ${status?.toLowerCase()}`]));
  const now = new Map(
    shown.flatMap(({ taxIds }) =>
      taxIds.map(({ id, value, verification }) => [id, `${value} ${verification?.status}`]),
    ),
  );
  const differing = [...new Set([...known.keys(), ...now.keys()])].filter((id) => known.get(id) !== now.get(id));
  await wakeLanes(
    em,
    differing.map((id) => laneOf({ connectionId: connection.id, object: 'tax_id', id })),
  );
}
