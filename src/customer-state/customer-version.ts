import { inTenantOf } from '../tenancy/teams/tenant-columns.ts';

/** Columns of a customer by property, as SQL. */
type Columns = Readonly<Record<string, string>>;

/** SQL for the version of a customer's state: how often it changed, for him and for his side. It grows with each change. */
export const customerVersion = (at: Columns) => `(
  select coalesce(sum(v.changes), 0)::bigint from (
    select v.changes from customer_change v where v.customer_id = ${at.id}
    union all
    select v.changes from customer_change v where v.customer_id is null and ${inTenantOf(at, 'v')}
  ) v)`;
