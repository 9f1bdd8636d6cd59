import { inTenantOf } from '../../tenancy/teams/tenant-columns.ts';

/** Columns by property, as SQL. */
type Columns = Readonly<Record<string, string>>;

/**
 * SQL for when the grace period of a subscription that is PAST_DUE ends: the project's days after its oldest unpaid invoice fell due,
 * which is the first failed payment. Null where it is not past due, and where the project sets no days.
 */
export const graceEndsAt = (at: Columns) => `case when ${at.status} = 'PAST_DUE' then
  coalesce(
    (select min(coalesce(i.due_date, i.finalized_at)) from invoice i where i.subscription_id = ${at.id} and i.status = 'OPEN' and ${inTenantOf(at, 'i')}),
    ${at.currentPeriodStart}, ${at.createdAt}
  ) + (select make_interval(days => g.grace_period_days) from project_settings g
    where ${inTenantOf(at, 'g')}) end`;
