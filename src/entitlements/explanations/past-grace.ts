import type { EntityManager } from '@mikro-orm/core';
import { runStatement } from '../../database/run-statement.ts';
import type { Side } from '../../tenancy/teams/side.ts';
import type { PastSubscription } from './past-subscriptions.ts';

const day = 86_400_000;

/**
 * When the grace periods of subscriptions that were past due ended, as it was known at an instant: the project's days then, after the
 * oldest invoice fell due that was unpaid then (see billing/subscriptions/grace-ends-at.ts).
 * @returns by the subscription's id; null for as long as Stripe retried.
 */
export async function pastGrace(
  em: EntityManager,
  side: Side,
  { at, subscriptions }: { at: Date; subscriptions: PastSubscription[] },
): Promise<Map<string, Date | null>> {
  const late = subscriptions.filter(({ status }) => status === 'PAST_DUE');
  if (!late.length) return new Map();
  const days = await graceDays(em, side, at);
  const due = await oldestDue(
    em,
    late.map(({ id }) => id),
    at,
  );
  return new Map(
    late.map(({ id, currentPeriodStart, createdAt }) => {
      const began = due.get(id) ?? currentPeriodStart ?? createdAt;
      return [id, days === null ? null : new Date(began.getTime() + days * day)];
    }),
  );
}

/** The audit log tells what a setting was before it changed. */
async function graceDays(em: EntityManager, { projectId, environment }: Side, at: Date): Promise<number | null> {
  const [changed] = await runStatement<{ days: number | null }>(
    em,
    `select (before->>'gracePeriodDays')::int as days from audit_entry
     where subject_id = $1 and subject_type = 'ProjectSettings' and created_at > $2 and after::jsonb ? 'gracePeriodDays'
     order by id limit 1`,
    [`${projectId}~~~${environment}`, at],
  );
  if (changed) return changed.days;
  const [now] = await runStatement<{ days: number | null }>(
    em,
    'select grace_period_days as days from project_settings where project_id = $1 and environment = $2',
    [projectId, environment],
  );
  return now?.days ?? null;
}

async function oldestDue(em: EntityManager, ids: string[], at: Date): Promise<Map<string, Date>> {
  const rows = await runStatement<{ id: string; due: string }>(
    em,
    `select i.subscription_id as id, min(coalesce(i.due_date, i.finalized_at)) as due
     from invoice i
     where i.subscription_id = any($1)
       and exists (select from billing_event e where e.subject_id = i.id and e.type = 'invoice.finalized' and e.created_at <= $2)
       and not exists (select from billing_event e where e.subject_id = i.id and e.created_at <= $2
         and e.type in ('invoice.paid', 'invoice.voided', 'invoice.marked_uncollectible'))
     group by i.subscription_id`,
    [ids, at],
  );
  return new Map(rows.map(({ id, due }) => [id, new Date(due)]));
}
