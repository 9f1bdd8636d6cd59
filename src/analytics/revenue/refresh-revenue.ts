import type { EntityManager } from '@mikro-orm/core';
import type { MirroredDiscount } from '../../billing/discounts/discount.ts';
import { subscriptionFacts } from '../../billing/subscriptions/subscription-facts.ts';
import { runStatement } from '../../database/run-statement.ts';
import type { Environment } from '../../environment.ts';
import type { BilledPrice } from '../rules/billed-subscription.ts';
import type { RevenueFacts } from '../rules/revenue-facts.ts';
import { changeRevenue } from './change-revenue.ts';
import { billedPrice, type StoredRevenue, storedRevenue } from './stored-revenue.ts';
import { writeRevenue } from './write-revenue.ts';

type Row = Record<string, unknown> & {
  id: string;
  project_id: string;
  environment: Environment;
  customer_id: string;
  created_at: string;
  evidence: number;
};
type Loaded = {
  row: Row;
  items: Record<string, unknown>[];
  revenue: StoredRevenue | null;
  discount: MirroredDiscount | null;
  prices: Record<string, BilledPrice>;
};

/**
 * Computes the revenue of subscriptions anew from their rows, in the EntityManager's transaction: something else than they themselves has
 * changed, or it is time for a discount to end.
 * @param since when that changed, by Stripe's clock; null: when each one's revenue last changed.
 */
export async function refreshRevenue(em: EntityManager, ids: string[], since: Date | null): Promise<void> {
  await runStatement(em, 'select from subscription where id = any($1) order by id for no key update', [ids]);
  const loaded = await runStatement<Loaded>(em, everythingOf, [ids]);
  const now = new Date();
  const changes = loaded.flatMap(({ row, items, revenue, discount, prices }) => {
    const onTestClock = revenue?.onTestClock ?? false;
    const change = changeRevenue({
      subscription: {
        id: row.id,
        projectId: row.project_id,
        environment: row.environment,
        customerId: row.customer_id,
        createdAt: new Date(row.created_at),
      },
      before: null,
      after: subscriptionFacts(row, items) as RevenueFacts,
      stored: revenue,
      prices: new Map(Object.entries(prices)),
      customerDiscount: discount,
      seenAt: seenAt(row, revenue),
      since,
      onTestClock,
    });
    return change ?? [];
  });
  await writeRevenue(em, changes);

  /** Our clock is Stripe's, but for what a test clock says; what is first seen is as old as our copy. */
  function seenAt({ evidence }: Row, revenue: StoredRevenue | null) {
    if (!revenue) return evidence ? new Date(evidence * 1000) : null;
    return revenue.onTestClock ? new Date(Math.max(since?.getTime() ?? 0, Date.parse(revenue.changedAt))) : now;
  }
}

const everythingOf = `
  select to_jsonb(s) as row, c.discount,
    (select coalesce(jsonb_agg(to_jsonb(i)), '[]') from subscription_item i where i.subscription_id = s.id) as items,
    (select ${storedRevenue} from subscription_revenue r where r.subscription_id = s.id) as revenue,
    (select coalesce(jsonb_object_agg(p.id, ${billedPrice}), '{}') from subscription_item i join price p on p.id = i.price_id
      where i.subscription_id = s.id) as prices
  from subscription s join customer c on c.id = s.customer_id where s.id = any($1)`;
