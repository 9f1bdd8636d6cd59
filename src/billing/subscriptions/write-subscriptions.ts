import { runStatement } from '../../database/run-statement.ts';
import { upsertRows } from '../../database/upsert-rows.ts';
import { differenceOf } from '../../ingestion/billing-events/facts.ts';
import { recordBillingEvents } from '../../ingestion/billing-events/record-billing-events.ts';
import type { SyncTools } from '../../ingestion/mirror/seen.ts';
import type { KnownSubscription } from './find-known-subscriptions.ts';
import { keepRevenue } from './keep-revenue.ts';
import { settlePendingChanges } from './settle-pending-changes.ts';
import { subscriptionEffects } from './subscription-effects.ts';
import { subscriptionFacts } from './subscription-facts.ts';
import { itemRowsOf, type SubscriptionState, subscriptionRowOf } from './subscription-rows.ts';

/** A subscription to be written, and what our row and its items said before; null where there is no row. */
export type SubscriptionWrite = { state: SubscriptionState; before: Before | null };
type Before = Pick<KnownSubscription, 'revision' | 'facts' | 'isScheduled' | 'revenue'>;

/**
 * Writes subscriptions with their items, and what follows from the differences.
 * @returns the ids of the rows that were written. One that another transaction inserted meanwhile is left alone.
 */
export async function writeSubscriptions(
  { em, connection }: Pick<SyncTools, 'em' | 'connection'>,
  writes: SubscriptionWrite[],
): Promise<Set<string>> {
  const changes = writes.map((write) => {
    const { state, before } = write;
    const items = itemRowsOf(connection, state);
    const row = subscriptionRowOf(connection, state);
    const facts = subscriptionFacts(row, items);
    const grows = before && differenceOf(before.facts, facts) ? 1 : 0;
    const revision = (before?.revision ?? 1) + grows;
    return { write, row: { ...row, revision }, items, facts, before: before?.facts ?? null };
  });
  const subscriptions = {
    table: 'subscription',
    key: ['connection_id', 'stripe_subscription_id'],
    kept: ['project_id', 'environment'],
    silent: ['evidence', 'revision'],
    guard: 'subscription.id = excluded.id',
  };
  const ids = await upsertRows(
    em,
    subscriptions,
    changes.map(({ row }) => row),
  );
  const written = new Set(ids);
  if (!ids.length) return written;
  const ofWritten = changes.filter(({ row }) => written.has(row.id));
  const items = ofWritten.flatMap(({ items }) => items);
  await runStatement(
    em,
    `delete from subscription_item where subscription_id = any($1)
     and (subscription_id, stripe_subscription_item_id) not in (select * from unnest($2::text[], $3::text[]))`,
    [ids, items.map((item) => item.subscription_id), items.map((item) => item.stripe_subscription_item_id)],
  );
  await upsertRows(
    em,
    {
      table: 'subscription_item',
      key: ['subscription_id', 'stripe_subscription_item_id'],
      kept: ['project_id', 'environment'],
    },
    items,
  );
  const scheduled = writes.flatMap(({ state, before }) => (before?.isScheduled ? state.id : []));
  if (scheduled.length) await settlePendingChanges({ em }, scheduled);
  await keepRevenue(em, ofWritten);
  await recordBillingEvents(
    em,
    ofWritten.flatMap(({ row, facts, before }) => subscriptionEffects(row, before, facts)),
  );
  return written;
}
