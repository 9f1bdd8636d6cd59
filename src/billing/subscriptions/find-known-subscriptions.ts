import type Stripe from 'stripe';
import { billedPrice, type StoredRevenue, storedRevenue } from '../../analytics/revenue/stored-revenue.ts';
import type { BilledPrice } from '../../analytics/rules/billed-subscription.ts';
import { runStatement } from '../../database/run-statement.ts';
import type { Facts } from '../../ingestion/billing-events/facts.ts';
import { loadRouting, type Routing } from '../../ingestion/mirror/routing.ts';
import { idOf, type Seen, type SyncTools } from '../../ingestion/mirror/seen.ts';
import type { MirroredDiscount } from '../discounts/discount.ts';
import { subscriptionFacts } from './subscription-facts.ts';

type Tools = Pick<SyncTools, 'em' | 'connection'>;
type SeenSubscription = Seen<Stripe.Subscription>;

export type KnownSubscription = {
  id: string;
  evidence: number;
  revision: number;
  facts: Facts;
  isScheduled: boolean;
  /** Null where an older server wrote the row. */
  revenue: StoredRevenue | null;
};

/** `updatedAt` is as PostgreSQL writes it. */
export type KnownCustomer = { id: string; projectId: string; discount: MirroredDiscount | null; updatedAt: string };
export type KnownPrice = { id: string; billed: BilledPrice; updatedAt: string };

export type KnownSubscriptions = {
  rows: Map<string, KnownSubscription>;
  customers: Map<string, KnownCustomer>;
  prices: Map<string, KnownPrice>;
  routing: Routing | undefined;
};

/** Our rows of the subscriptions, locked until the transaction ends, and of what they refer to: by Stripe's ids. */
export async function findKnownSubscriptions(tools: Tools, seen: SeenSubscription[]): Promise<KnownSubscriptions> {
  const { em, connection } = tools;
  const rows = await lockRows(tools, seen);
  const customerIds = seen.flatMap(({ object }) => (object ? idOf(object.customer) : []));
  const priceIds = seen.flatMap(({ object }) => object?.items.data.map(({ price }) => price.id) ?? []);
  const parents = await runStatement<{ kind: string; stripe_id: string; id: string; project_id: string } & Parent>(
    em,
    `select 'customer' as kind, stripe_customer_id as stripe_id, id, project_id, updated_at::text, discount as terms from customer
     where connection_id = $1 and stripe_customer_id = any($2)
     union all
     select 'price', stripe_price_id, id, project_id, updated_at::text, ${billedPrice} from price p
     where connection_id = $1 and stripe_price_id = any($3)`,
    [connection.id, customerIds, priceIds],
  );
  const ofKind = (kind: string) => parents.filter((parent) => parent.kind === kind);
  const customers = new Map(
    ofKind('customer').map(({ stripe_id, id, project_id: projectId, terms, updated_at: updatedAt }) => [
      stripe_id,
      { id, projectId, discount: terms as MirroredDiscount | null, updatedAt },
    ]),
  );
  const hasStrangers = customerIds.some((id) => !customers.has(id));
  return {
    rows,
    customers,
    prices: new Map(
      ofKind('price').map(({ stripe_id, id, terms, updated_at: updatedAt }) => [
        stripe_id,
        { id, billed: terms as BilledPrice, updatedAt },
      ]),
    ),
    routing: hasStrangers ? await loadRouting(em, connection.teamId) : undefined,
  };
}

type Parent = { updated_at: string; terms: unknown };

type Row = Record<string, unknown> & {
  id: string;
  evidence: number;
  revision: number;
  stripe_schedule_id: string | null;
};

/** By Stripe's ids. The items and the revenue are read after the locks are held: nobody changes them any more. */
async function lockRows({ em, connection }: Tools, seen: SeenSubscription[]) {
  const rows = await runStatement<{ stripe_id: string; row: Row }>(
    em,
    `select stripe_subscription_id as stripe_id, to_jsonb(subscription) as row from subscription
     where connection_id = $1 and stripe_subscription_id = any($2) order by id for no key update`,
    [connection.id, seen.map(({ id }) => id)],
  );
  const ids = rows.map(({ row }) => row.id);
  const parts = ids.length
    ? await runStatement<{ owner: string; item: Row | null; revenue: StoredRevenue | null }>(
        em,
        `select subscription_id as owner, to_jsonb(item) as item, null::jsonb as revenue
           from subscription_item item where subscription_id = any($1)
         union all
         select r.subscription_id, null, ${storedRevenue} from subscription_revenue r where r.subscription_id = any($1)`,
        [ids],
      )
    : [];
  const partsOf = Map.groupBy(parts, ({ owner }) => owner);
  return new Map(
    rows.map(({ stripe_id, row }): [string, KnownSubscription] => {
      const ofRow = partsOf.get(row.id) ?? [];
      const facts = subscriptionFacts(
        row,
        ofRow.flatMap(({ item }) => item ?? []),
      );
      const revenue = ofRow.find((part) => part.revenue)?.revenue ?? null;
      const { id, evidence, revision } = row;
      return [stripe_id, { id, evidence, revision, facts, isScheduled: row.stripe_schedule_id !== null, revenue }];
    }),
  );
}
