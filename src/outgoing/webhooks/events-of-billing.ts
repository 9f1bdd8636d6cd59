import type { NewBillingEvent } from '../../ingestion/billing-events/record-billing-events.ts';
import type { NewOutgoingEvent } from './enqueue-outgoing.ts';
import { type OutgoingEventType, outgoingEventTypes } from './outgoing-event-types.ts';

/** In milliseconds: for as long as Stripe itself tries to deliver. What was taken in later than that is history, not news. */
const newsFor = 3 * 86_400_000;

const subjects: Record<string, string> = { subscription: 'subscriptionId', invoice: 'invoiceId' };

/** What endpoints are told of facts of billing: those that they can ask for, and that happened in the last three days. */
export function eventsOfBilling(facts: NewBillingEvent[]): NewOutgoingEvent[] {
  const oldest = Date.now() - newsFor;
  return facts.flatMap(({ type, projectId, environment, customerId, subjectId, before, after, occurredAt }) => {
    const subject = subjects[type.split('.')[0]!];
    if (!subject || !(type in outgoingEventTypes) || occurredAt.getTime() < oldest) return [];
    const data = {
      [subject]: subjectId,
      customerId,
      changed: Object.keys(after),
      before: before && impersonal(before),
      after: impersonal(after),
    };
    return [{ type: type as OutgoingEventType, projectId, environment, customerId, data, occurredAt }];
  });
}

/** Metadata is the app's own, and may hold anything. */
const impersonal = ({ metadata: _, ...facts }: Record<string, unknown>) => facts;
