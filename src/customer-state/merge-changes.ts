import type { EntityManager } from '@mikro-orm/core';
import { runStatement } from '../database/run-statement.ts';
import type { Environment } from '../environment.ts';
import { onLaneThatExists } from '../lanes/wake-lanes.ts';
import { nextChange, ofCustomer } from './next-change.ts';
import { timeLanePrefix } from './pass-time.ts';

/** Of whom the state changed. Without a customer: of everyone in the project and environment. */
export type Changed = { projectId: string; environment: Environment; customerId: string | null };

/** Rows of one round: a transaction that is soon over. */
const together = 5_000;

/** Only one process merges at a time: two would wait for each other's rows. */
const mergeLock = 7_010;

/**
 * Makes one row of those that a customer, or a side, has more than one of, with the same sum; who reads meanwhile sees either. A row that comes meanwhile
 * is left for the next round. Each change is in one round alone, in whose transaction goes what follows from it.
 * @param em in a transaction.
 * @returns of whom the state changed, each once; none where all is merged.
 */
export async function mergeChanges({ em }: { em: EntityManager }): Promise<Changed[]> {
  await runStatement(em, 'select pg_advisory_xact_lock($1)', [mergeLock]);
  return runStatement<Changed>(em, statement, [together]);
}

const statement = `
  with fresh as materialized (
    select seq, project_id, environment, customer_id from customer_change where not is_total order by seq limit $1
  ), subject as materialized (
    select distinct project_id, environment, customer_id from fresh
  ), of_customers as (
    delete from customer_change c using subject s where c.customer_id = s.customer_id
    returning c.project_id, c.environment, c.customer_id, c.changes
  ), of_sides as (
    delete from customer_change c using subject s
    where c.customer_id is null and s.customer_id is null and (c.project_id, c.environment) = (s.project_id, s.environment)
    returning c.project_id, c.environment, c.customer_id, c.changes
  )
  insert into customer_change (project_id, environment, customer_id, changes, is_total)
  select project_id, environment, customer_id, sum(changes), true
  from (select * from of_customers union all select * from of_sides) gone
  group by 1, 2, 3
  returning project_id as "projectId", environment, customer_id as "customerId"`;

/**
 * Sees to it that what changes by time alone is seen when it does: wakes a lane for each of these customers at the next such instant, where it would not
 * come as early. Of a side, the customers whose grace period may be another one now.
 * @param em in the transaction that merged them.
 */
export async function awaitTime(em: EntityManager, changed: Changed[]): Promise<void> {
  const sides = changed.filter(({ customerId }) => customerId === null);
  await runStatement(em, awaiting, [
    changed.flatMap(({ customerId }) => customerId ?? []),
    sides.map(({ projectId }) => projectId),
    sides.map(({ environment }) => environment),
  ]);
}

const awaiting = `
  insert into lane (key, run_at)
  select due.key, due.run_at from (
    select '${timeLanePrefix}/' || c.id as key, ${nextChange(ofCustomer('c'))} as run_at
    from customer c
    where c.deleted_at is null and c.id in (
      select unnest($1::text[])
      union
      select s.customer_id from subscription s join unnest($2::text[], $3::text[]) as side (project_id, environment)
        on (s.project_id, s.environment) = (side.project_id, side.environment)
      where s.status = 'PAST_DUE')
  ) due left join lane on lane.key = due.key
  where due.run_at is not null and (lane.key is null or lane.run_at > due.run_at)
  order by due.key
  ${onLaneThatExists}`;
