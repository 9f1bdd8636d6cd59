import type Stripe from 'stripe';
import { runStatement } from '../../database/run-statement.ts';
import type { Facts } from '../../ingestion/billing-events/facts.ts';
import { loadRouting, type Routing } from '../../ingestion/mirror/routing.ts';
import { idOf, type Seen, type SyncTools } from '../../ingestion/mirror/seen.ts';
import { subscriptionFacts } from './subscription-facts.ts';

type Tools = Pick<SyncTools, 'em' | 'connection'>;
type SeenSubscription = Seen<Stripe.Subscription>;

export type KnownSubscription = {
  id: string;
  evidence: number;
  revision: number;
  facts: Facts;
  isScheduled: boolean;
};

export type KnownSubscriptions = {
  rows: Map<string, KnownSubscription>;
  customers: Map<string, { id: string; projectId: string }>;
  prices: Map<string, string>;
  routing: Routing | undefined;
};

/** Our rows of the subscriptions, locked until the transaction ends, and of what they refer to: by Stripe's ids. */
export async function findKnownSubscriptions(tools: Tools, seen: SeenSubscription[]): Promise<KnownSubscriptions> {
  const { em, connection } = tools;
  const rows = await lockRows(tools, seen);
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
    rows,
    customers,
    prices: new Map(ofKind('price').map((row) => [row.stripe_id, row.id])),
    routing: hasStrangers ? await loadRouting(em, connection.teamId) : undefined,
  };
}

type Row = Record<string, unknown> & {
  id: string;
  evidence: number;
  revision: number;
  stripe_schedule_id: string | null;
};

/** By Stripe's ids. The items are read after the locks are held: nobody changes them any more. */
async function lockRows({ em, connection }: Tools, seen: SeenSubscription[]) {
  const rows = await runStatement<{ stripe_id: string; row: Row }>(
    em,
    `select stripe_subscription_id as stripe_id, to_jsonb(subscription) as row from subscription
     where connection_id = $1 and stripe_subscription_id = any($2) order by id for no key update`,
    [connection.id, seen.map(({ id }) => id)],
  );
  const ids = rows.map(({ row }) => row.id);
  const items = ids.length
    ? await runStatement<{ owner: string; row: Row }>(
        em,
        'select subscription_id as owner, to_jsonb(item) as row from subscription_item item where subscription_id = any($1)',
        [ids],
      )
    : [];
  const itemsOf = Map.groupBy(items, ({ owner }) => owner);
  return new Map(
    rows.map(({ stripe_id, row }): [string, KnownSubscription] => {
      const facts = subscriptionFacts(
        row,
        (itemsOf.get(row.id) ?? []).map((item) => item.row),
      );
      const { id, evidence, revision } = row;
      return [stripe_id, { id, evidence, revision, facts, isScheduled: row.stripe_schedule_id !== null }];
    }),
  );
}
