import type { EntityManager } from '@mikro-orm/core';
import { changeRevenue } from '../../analytics/revenue/change-revenue.ts';
import { writeRevenue } from '../../analytics/revenue/write-revenue.ts';
import type { RevenueFacts } from '../../analytics/rules/revenue-facts.ts';
import { differenceOf, type Facts } from '../../ingestion/billing-events/facts.ts';
import { instantOf } from '../../ingestion/mirror/seen.ts';
import type { subscriptionRowOf } from './subscription-rows.ts';
import type { SubscriptionWrite } from './write-subscriptions.ts';

type Written = { write: SubscriptionWrite; row: ReturnType<typeof subscriptionRowOf>; facts: Facts };

/**
 * Keeps what subscriptions that were just written are worth, by the difference of what they said and say: one statement, and none where
 * nothing that counts has changed.
 */
export async function keepRevenue(em: EntityManager, written: Written[]): Promise<void> {
  const changes = written.flatMap((one) => changeOf(one) ?? []);
  const fresh = written.filter(({ write }) => !write.before);
  const bases = fresh.flatMap(({ write: { state } }) => [
    state.customer,
    ...state.object.items.data.map(({ price }) => state.prices.get(price.id)!),
  ]);
  const distinct = new Map(bases.map(({ id, updatedAt }) => [id, { id, updatedAt }]));
  await writeRevenue(em, changes, [...distinct.values()]);
}

function changeOf({ write: { state, before }, row, facts }: Written) {
  if (before?.revenue && !differenceOf(before.facts, facts)) return null;
  const { object, customer, evidence, toldAt } = state;
  const onTestClock = Boolean(object.test_clock);
  const seconds = toldAt ?? (onTestClock ? null : evidence);
  const prices = object.items.data.map(({ price }) => state.prices.get(price.id)!);
  return changeRevenue({
    subscription: {
      id: row.id,
      projectId: row.project_id,
      environment: row.environment,
      customerId: row.customer_id,
      createdAt: row.created_at,
    },
    before: before?.revenue ? (before.facts as RevenueFacts) : null,
    after: facts as RevenueFacts,
    stored: before?.revenue ?? null,
    prices: new Map(prices.map(({ id, billed }) => [id, billed])),
    customerDiscount: customer.discount,
    seenAt: instantOf(seconds),
    onTestClock,
  });
}
