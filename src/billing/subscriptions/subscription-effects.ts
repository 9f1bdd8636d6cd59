import { differenceOf, type Facts } from '../../ingestion/billing-events/facts.ts';
import type { NewBillingEvent } from '../../ingestion/billing-events/record-billing-events.ts';
import { instantOf } from '../../ingestion/mirror/seen.ts';
import type { subscriptionRowOf } from './subscription-rows.ts';

type SubscriptionRow = ReturnType<typeof subscriptionRowOf> & { revision: number };

const finalStatuses = ['CANCELED', 'INCOMPLETE_EXPIRED'];

/**
 * What follows from the difference between a subscription's old row and its new one. Each change of what we publish is one
 * revision of the row, and one event: their differences add up to the row. An end is told of once, besides.
 * @param before null where there was no row.
 */
export function subscriptionEffects(row: SubscriptionRow, before: Facts | null, after: Facts): NewBillingEvent[] {
  const difference = differenceOf(before, after);
  if (!difference) return [];
  const common = {
    projectId: row.project_id,
    environment: row.environment,
    customerId: row.customer_id,
    subjectId: row.id,
  };
  const seenAt = instantOf(Math.max(row.evidence, row.created_at.getTime() / 1000));
  const changed: NewBillingEvent = before
    ? { ...common, ...difference, type: 'subscription.updated', occurrence: row.revision, occurredAt: seenAt }
    : { ...common, ...difference, type: 'subscription.created', occurredAt: row.created_at };
  const hasEnded = isFinal(after) && !(before && isFinal(before));
  if (!hasEnded) return [changed];
  const end = ({ status, endedAt }: Facts) => ({ status, endedAt });
  const ended = { before: before && end(before), after: end(after), occurredAt: row.ended_at ?? seenAt };
  return [changed, { ...common, ...ended, type: 'subscription.ended' }];
}

const isFinal = ({ status }: Facts) => finalStatuses.includes(status as string);
