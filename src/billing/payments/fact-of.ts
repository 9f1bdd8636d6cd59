import type { ColumnValues } from '../../database/upsert-rows.ts';
import type { BillingEventType } from '../../ingestion/billing-events/billing-event-types.ts';
import type { NewBillingEvent } from '../../ingestion/billing-events/record-billing-events.ts';

type What = Pick<NewBillingEvent, 'before' | 'after'> & Partial<Pick<NewBillingEvent, 'occurrence' | 'occurredAt'>>;

/** A fact of the row that was written. It happened when the row was seen so, where Stripe does not say when. */
export function factOf(row: ColumnValues, type: BillingEventType, what: What): NewBillingEvent {
  const seenAt = new Date(Number(row.evidence) * 1000);
  const createdAt = row.created_at as Date;
  return {
    type,
    projectId: row.project_id as string,
    environment: row.environment as NewBillingEvent['environment'],
    customerId: row.customer_id as string | null,
    subjectId: row.id,
    occurredAt: seenAt > createdAt ? seenAt : createdAt,
    ...what,
  };
}

/** As the graph writes amounts: minor units in digits, with their currency. */
export const moneyOf = (amount: number | string, currency: string) => ({
  amount: String(amount),
  currency: currency.toUpperCase(),
});
