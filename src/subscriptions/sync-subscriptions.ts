import type Stripe from 'stripe';
import { runStatement } from '../database/run-statement.ts';
import { upsertRows } from '../database/upsert-rows.ts';
import { newId } from '../ids.ts';
import { loadRouting, type Routing } from '../mirror/routing.ts';
import { idOf, type Seen, type SyncOutcome, type SyncTools } from '../mirror/seen.ts';
import { itemRowsOf, type SubscriptionState, subscriptionRowOf } from './subscription-rows.ts';

type SeenSubscription = Seen<Stripe.Subscription>;

/**
 * Brings Stripe's subscriptions to our rows, each into the project of its customer. In sets, by few statements: this is what
 * storms are made of.
 */
export async function syncSubscriptions(tools: SyncTools, seen: SeenSubscription[]): Promise<SyncOutcome[]> {
  const known = await findKnown(tools, seen);
  const decisions = seen.map((one) => decide(known, one));
  const states = decisions.filter((decision) => typeof decision === 'object' && 'customer' in decision);
  const written = await write(tools, states);
  return decisions.map((decision) => {
    if (typeof decision === 'string' || 'missing' in decision) return decision;
    return written.has(decision.id) ? 'applied' : 'overtaken';
  });
}

type Known = {
  rows: Map<string, { id: string; evidence: string }>;
  customers: Map<string, { id: string; projectId: string }>;
  prices: Map<string, string>;
  routing: Routing | undefined;
};

function decide(known: Known, { id, object, evidence, mayReplace }: SeenSubscription): SyncOutcome | SubscriptionState {
  const before = known.rows.get(id);
  if (!mayReplace(Number(before?.evidence ?? 0))) return 'overtaken';
  if (!object) return 'ignored';
  const customerId = idOf(object.customer);
  const customer = known.customers.get(customerId);
  if (!customer)
    return { missing: [{ object: 'customer', id: customerId, projectHint: known.routing?.named(object.metadata) }] };
  const missing = object.items.data.map(({ price }) => price.id).filter((id) => !known.prices.has(id));
  if (missing.length)
    return { missing: missing.map((id) => ({ object: 'price', id, projectHint: customer.projectId })) };
  return { id: before?.id ?? newId('ps'), object, evidence, customer, prices: known.prices };
}

/** Our rows of the subscriptions, locked until the transaction ends, and of what they refer to: by Stripe's ids. */
async function findKnown({ em, connection }: SyncTools, seen: SeenSubscription[]): Promise<Known> {
  const rows = await runStatement<{ stripe_id: string; id: string; evidence: string }>(
    em,
    `select stripe_subscription_id as stripe_id, id, evidence from subscription
     where connection_id = $1 and stripe_subscription_id = any($2) order by id for no key update`,
    [connection.id, seen.map(({ id }) => id)],
  );
  const customerIds = seen.flatMap(({ object }) => (object ? idOf(object.customer) : []));
  const priceIds = seen.flatMap(({ object }) => object?.items.data.map(({ price }) => price.id) ?? []);
  const parents = await runStatement<{ kind: string; stripe_id: string; id: string; project_id: string }>(
    em,
    `select 'customer' as kind, stripe_customer_id as stripe_id, id, project_id from customer
     where connection_id = $1 and stripe_customer_id = any($2)
     union all
     select 'price', stripe_price_id, id, project_id from price
     where connection_id = $1 and stripe_price_id = any($3)`,
    [connection.id, customerIds, priceIds],
  );
  const ofKind = (kind: string) => parents.filter((parent) => parent.kind === kind);
  const customers = new Map(
    ofKind('customer').map((row) => [row.stripe_id, { id: row.id, projectId: row.project_id }]),
  );
  const hasStrangers = customerIds.some((id) => !customers.has(id));
  return {
    rows: new Map(rows.map((row) => [row.stripe_id, row])),
    customers,
    prices: new Map(ofKind('price').map((row) => [row.stripe_id, row.id])),
    routing: hasStrangers ? await loadRouting(em, connection.teamId) : undefined,
  };
}

/** @returns the ids of the rows that were written. One that another transaction inserted meanwhile is left alone. */
async function write({ em, connection }: SyncTools, states: SubscriptionState[]): Promise<Set<string>> {
  const subscriptions = {
    table: 'subscription',
    key: ['connection_id', 'stripe_subscription_id'],
    kept: ['project_id', 'environment'],
    silent: ['evidence'],
    guard: 'subscription.id = excluded.id',
  };
  const ids = await upsertRows(
    em,
    subscriptions,
    states.map((state) => subscriptionRowOf(connection, state)),
  );
  const written = new Set(ids);
  if (!ids.length) return written;
  const items = states.filter(({ id }) => written.has(id)).flatMap((state) => itemRowsOf(connection, state));
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
  return written;
}
