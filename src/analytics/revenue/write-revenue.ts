import type { EntityManager } from '@mikro-orm/core';
import { runPrepared } from '../../database/run-prepared.ts';
import { newId } from '../../ids.ts';
import { onLaneThatExists, wakeLanes } from '../../lanes/wake-lanes.ts';
import { denominatorOf, numeratorOf } from '../rules/fraction.ts';
import type { RevenueChange } from './change-revenue.ts';
import { revenueLaneOf } from './revenue-lane.ts';

/** A row that revenue was computed from without a lock on it, as it was then: its id, and its `updated_at` as PostgreSQL wrote it. */
export type Basis = { id: string; updatedAt: string };

/**
 * Writes revenue and movements in one statement, in the EntityManager's transaction, which holds the locks of the subscriptions' rows. Those
 * that change by time alone come back when it is time.
 * @param bases what the revenue of subscriptions that are new was computed from. Who changes such a row looks for the subscriptions that it
 * concerns, and cannot see these yet: where one has changed meanwhile, they are looked at again.
 */
export async function writeRevenue(em: EntityManager, changes: RevenueChange[], bases: Basis[] = []): Promise<void> {
  if (!changes.length) return;
  const stale = await runPrepared<{ id: string }>(
    em,
    `with standing as (
       insert into subscription_revenue (${columns.join(', ')})
       select ${columns.join(', ')} from json_populate_recordset(null::subscription_revenue, $1) order by subscription_id
       on conflict (subscription_id) do update set ${columns.map((column) => `${column} = excluded.${column}`).join(', ')}
       returning subscription_id, changes_at
     ), moved as (
       insert into revenue_movement select * from json_populate_recordset(null::revenue_movement, $2)
     ), woken as (
       insert into lane (key, run_at)
       select '${revenueLaneOf('subscription', '')}' || subscription_id, changes_at from standing
       where changes_at is not null order by 1 ${onLaneThatExists}
     )
     select basis.id from unnest($3::text[], $4::timestamptz[]) as basis (id, updated_at)
     where not exists (select from customer c where c.id = basis.id and c.updated_at = basis.updated_at)
       and not exists (select from price p where p.id = basis.id and p.updated_at = basis.updated_at)`,
    [
      JSON.stringify(changes.map(rowOf)),
      JSON.stringify(changes.flatMap(movementRowsOf)),
      bases.map(({ id }) => id),
      bases.map(({ updatedAt }) => updatedAt),
    ],
  );
  if (!stale.length) return;
  await wakeLanes(
    em,
    changes.map(({ subscription }) => revenueLaneOf('subscription', subscription.id)),
  );
}

function rowOf({ subscription, standing, steps, onTestClock }: RevenueChange) {
  return {
    subscription_id: subscription.id,
    project_id: subscription.projectId,
    environment: subscription.environment,
    customer_id: subscription.customerId,
    currency: standing.currency,
    status: standing.status,
    mrr_numerator: numeratorOf(standing.mrr),
    mrr_denominator: denominatorOf(standing.mrr),
    trial_numerator: numeratorOf(standing.trialMrr),
    trial_denominator: denominatorOf(standing.trialMrr),
    had_revenue: standing.hadRevenue,
    movements: standing.movements,
    changed_at: standing.changedAt,
    steps,
    on_test_clock: onTestClock,
    changes_at: onTestClock ? null : (steps[0]?.at ?? null),
  };
}

const columns = Object.keys({
  subscription_id: 0,
  project_id: 0,
  environment: 0,
  customer_id: 0,
  currency: 0,
  status: 0,
  mrr_numerator: 0,
  mrr_denominator: 0,
  trial_numerator: 0,
  trial_denominator: 0,
  had_revenue: 0,
  movements: 0,
  changed_at: 0,
  steps: 0,
  on_test_clock: 0,
  changes_at: 0,
} satisfies Record<keyof ReturnType<typeof rowOf>, 0>);

function movementRowsOf({ subscription, movements }: RevenueChange) {
  return movements.map((movement) => ({
    id: newId('rmv'),
    project_id: subscription.projectId,
    environment: subscription.environment,
    customer_id: subscription.customerId,
    subscription_id: subscription.id,
    ordinal: movement.ordinal,
    currency: movement.currency,
    type: movement.type,
    numerator: numeratorOf(movement.change),
    denominator: denominatorOf(movement.change),
    trial_numerator: numeratorOf(movement.trialChange),
    trial_denominator: denominatorOf(movement.trialChange),
    status_before: movement.statusBefore,
    status_after: movement.statusAfter,
    occurred_at: movement.occurredAt,
    recorded_at: new Date(),
  }));
}
