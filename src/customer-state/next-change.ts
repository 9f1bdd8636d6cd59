import { graceEndsAt } from '../billing/subscriptions/grace-ends-at.ts';
import { inTenantOf } from '../tenancy/teams/tenant-columns.ts';

/** Columns of a customer by property, as SQL. */
type Columns = Readonly<Record<string, string>>;

const grace = graceEndsAt({
  id: 's.id',
  projectId: 's.project_id',
  environment: 's.environment',
  status: 's.status',
  currentPeriodStart: 's.current_period_start',
  createdAt: 's.created_at',
});

/**
 * SQL for the first instant after `after` at which the state of a customer changes by time alone: a period, a trial, a pause or a grace period ends,
 * a subscription does, or a grant begins or expires, or what is held of a limit is given free. Usage that no
 * subscription's period counts starts anew with the month. Null where none is known.
 */
export const nextChange = (at: Columns, after = 'now()') => `(
  select min(instant) from (
    select unnest(array[s.current_period_end, s.trial_end, s.cancel_at, s.pause_resumes_at, ${grace}]) as instant
    from subscription s where s.customer_id = ${at.id} and ${inTenantOf(at, 's')} and s.ended_at is null
    union all
    select unnest(array[g.starts_at, g.expires_at])
    from feature_grant g where g.customer_id = ${at.id} and ${inTenantOf(at, 'g')} and g.revoked_at is null
    union all
    select r.expires_at
    from usage_reservation r where r.customer_id = ${at.id} and ${inTenantOf(at, 'r')} and r.status = 'HELD'
    union all
    select (date_trunc('month', ${after} at time zone 'UTC') + interval '1 month') at time zone 'UTC'
    where exists (select from feature_grant g join feature f on f.id = g.feature_id
      where g.customer_id = ${at.id} and ${inTenantOf(at, 'g')} and g.revoked_at is null and f.meter_id is not null)
  ) instants where instant > ${after})`;

/** Of a table `customer` under an alias. */
export const ofCustomer = (alias: string): Columns => ({
  id: `${alias}.id`,
  projectId: `${alias}.project_id`,
  environment: `${alias}.environment`,
});
