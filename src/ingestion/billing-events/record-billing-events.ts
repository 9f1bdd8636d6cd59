import type { EntityManager } from '@mikro-orm/core';
import { runPrepared } from '../../database/run-prepared.ts';
import type { Environment } from '../../environment.ts';
import { newId } from '../../ids.ts';
import { enqueueOutgoing } from '../../outgoing/webhooks/enqueue-outgoing.ts';
import { eventsOfBilling } from '../../outgoing/webhooks/events-of-billing.ts';
import { wakeReferrals } from '../../referrals/life/wake-referrals.ts';
import type { BillingEventType } from './billing-event-types.ts';

export type NewBillingEvent = {
  type: BillingEventType;
  projectId: string;
  environment: Environment;
  customerId: string | null;
  /** Our id of the row that changed. */
  subjectId: string;
  /** Which time it happened, for what can happen to a subject more than once. */
  occurrence?: string | number;
  before: Record<string, unknown> | null;
  after: Record<string, unknown>;
  occurredAt: Date;
};

/** What a referral is decided by, beside charges and disputes, which wake it themselves (sync-charges.ts, sync-disputes.ts). */
const decisive: BillingEventType[] = ['invoice.finalized', 'invoice.paid', 'payment.refunded', 'payment.refund_failed'];

/**
 * Records facts in the EntityManager's transaction, which must be the one that writes the rows they tell of. A fact that is
 * recorded already, by its type, subject and occurrence, stays as it is. The project's own endpoints are told of new ones, and referrals that
 * they may decide are woken.
 */
export async function recordBillingEvents(em: EntityManager, events: NewBillingEvent[]): Promise<void> {
  if (!events.length) return;
  const rows = events.map((event) => ({
    id: newId('be'),
    project_id: event.projectId,
    environment: event.environment,
    customer_id: event.customerId,
    type: event.type,
    subject_id: event.subjectId,
    business_key: [event.type, event.subjectId, event.occurrence].filter((part) => part !== undefined).join('/'),
    before: event.before,
    after: event.after,
    occurred_at: event.occurredAt,
    created_at: new Date(),
  }));
  const told = await runPrepared<{ business_key: string }>(
    em,
    `with recorded as (
       insert into billing_event (id, project_id, environment, customer_id, type, subject_id, business_key, before, after, occurred_at, created_at)
       select id, project_id, environment, customer_id, type, subject_id, business_key, before, after, occurred_at, created_at
       from json_populate_recordset(null::billing_event, $1)
       order by business_key on conflict (business_key) do nothing
       returning business_key, project_id, environment
     )
     select business_key from recorded
     where exists (
       select from outgoing_endpoint e
       where (e.project_id, e.environment) = (recorded.project_id, recorded.environment) and e.deleted_at is null
     )`,
    [JSON.stringify(rows)],
  );
  const news = new Set(told.map(({ business_key }) => business_key));
  await wakeReferrals(
    { em },
    events.flatMap(({ type, customerId }) => (decisive.includes(type) ? customerId : [])),
  );
  if (news.size)
    await enqueueOutgoing(em, eventsOfBilling(events.filter((_, n) => news.delete(rows[n]!.business_key))));
}
