import type { EntityManager } from '@mikro-orm/core';
import { runStatement } from '../../database/run-statement.ts';

export type PastItem = { stripeSubscriptionItemId: string; price: string; quantity: number | null };

/** What a subscription said between two of its events. */
export type PastSubscription = {
  id: string;
  createdAt: Date;
  status: string;
  items: PastItem[];
  currentPeriodStart: Date | null;
  from: Date;
  /** Null: it says so still. */
  until: Date | null;
};

type Facts = { status: string; items: PastItem[]; currentPeriodStart: string | null };

/**
 * The subscriptions of a customer as our rows said at an instant: the differences of their events, added up. Time is ours, when the rows
 * changed: it is what we answered by.
 * @returns those that there were, and since when anything is known of any.
 */
export async function pastSubscriptions(
  em: EntityManager,
  { customerId, at }: { customerId: string; at: Date },
): Promise<{ subscriptions: PastSubscription[]; knownSince: Date | null }> {
  const rows = await runStatement<{ id: string; made_at: string; after: Partial<Facts>; created_at: string }>(
    em,
    `select s.id, s.created_at as made_at, e.after, e.created_at
     from subscription s join billing_event e on e.subject_id = s.id and e.type in ('subscription.created', 'subscription.updated')
     where s.customer_id = $1 order by s.id, coalesce(nullif(split_part(e.business_key, '/', 3), ''), '1')::int`,
    [customerId],
  );
  const past = new Map<string, PastSubscription>();
  let knownSince: Date | null = null;
  for (const { id, made_at, after, created_at } of rows) {
    const time = new Date(created_at);
    if (!knownSince || time < knownSince) knownSince = time;
    const before = past.get(id);
    if (time > at) {
      if (before && !before.until && isChanged(before, after)) before.until = time;
      continue;
    }
    const since = before && !isChanged(before, after) ? before.from : time;
    past.set(id, { ...stateOf(before, after), id, createdAt: new Date(made_at), from: since, until: null });
  }
  return { subscriptions: [...past.values()], knownSince };
}

function stateOf(before: PastSubscription | undefined, { status, items, currentPeriodStart }: Partial<Facts>) {
  const start = currentPeriodStart === undefined ? before?.currentPeriodStart : currentPeriodStart;
  return {
    status: status ?? before?.status ?? 'UNKNOWN',
    items: items ?? before?.items ?? [],
    currentPeriodStart: start ? new Date(start) : null,
  };
}

/** Whether the difference is one of what the subscription gives: a new period alone is none. */
function isChanged(before: PastSubscription, { status, items }: Partial<Facts>): boolean {
  const given = (of: PastItem[]) => JSON.stringify(of.map(({ price, quantity }) => [price, quantity]));
  return (
    (status !== undefined && status !== before.status) || (items !== undefined && given(items) !== given(before.items))
  );
}
