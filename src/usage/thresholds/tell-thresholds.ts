import type { EntityManager } from '@mikro-orm/core';
import { runStatement } from '../../database/run-statement.ts';
import type { Environment } from '../../environment.ts';
import { enqueueOutgoing } from '../../outgoing/webhooks/enqueue-outgoing.ts';

/** In percent of a limit. */
export const thresholds = [80, 100];

type Changed = { projectId: string; environment: Environment; customerId: string | null };

type Reached = {
  projectId: string;
  environment: Environment;
  customerId: string;
  externalId: string | null;
  featureId: string;
  featureKey: string;
  threshold: number;
  used: string;
  limit: string;
  periodStart: string;
  periodEnd: string;
};

/**
 * Tells endpoints which parts of their limits customers have reached, in the EntityManager's transaction: each once in a period. What is
 * held does not count, only what was used. Where a project has no endpoint, nothing is read.
 * @param changed whose state changed. A change of a whole side is left out: each customer's next usage tells.
 */
export async function tellThresholds({ em }: { em: EntityManager }, changed: Changed[]): Promise<void> {
  const ids = changed.flatMap(({ customerId }) => customerId ?? []);
  if (!ids.length) return;
  const reached = await runStatement<Reached>(em, statement, [ids, thresholds]);
  await enqueueOutgoing(
    em,
    reached.map(({ projectId, environment, periodStart, periodEnd, ...said }) => ({
      type: 'usage.threshold_reached',
      projectId,
      environment,
      customerId: said.customerId,
      data: { ...said, periodStart: new Date(periodStart).toISOString(), periodEnd: new Date(periodEnd).toISOString() },
      occurredAt: new Date(),
    })),
  );
}

const statement = `
  with reached as (
    select e.project_id, e.environment, e.customer_id, c.external_id, e.feature_id, f.key, t.threshold, e.used, e.limit_value, e.period_start, e.resets_at
    from customer c
    join entitlement e on e.customer_id = c.id
    join feature f on f.id = e.feature_id
    cross join unnest($2::smallint[]) as t(threshold)
    where c.id = any($1) and c.deleted_at is null
      and exists (select from outgoing_endpoint o where (o.project_id, o.environment) = (c.project_id, c.environment) and o.deleted_at is null)
      and e.has and f.meter_id is not null and e.limit_value > 0 and e.used * 100 >= e.limit_value * t.threshold
  ), new as (
    insert into usage_threshold (customer_id, feature_id, period_start, threshold, project_id, environment, created_at)
    select customer_id, feature_id, period_start, threshold, project_id, environment, now() from reached
    order by customer_id, feature_id, period_start, threshold
    on conflict do nothing
    returning customer_id, feature_id, threshold
  )
  select project_id as "projectId", environment, customer_id as "customerId", external_id as "externalId", feature_id as "featureId",
    key as "featureKey", threshold, used::text, limit_value::text as limit, period_start as "periodStart", resets_at as "periodEnd"
  from reached join new using (customer_id, feature_id, threshold)
  order by customer_id, feature_id, threshold`;
