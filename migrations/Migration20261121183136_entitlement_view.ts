import { Migration } from '@mikro-orm/migrations';

export class Migration20261121183136_entitlement_view extends Migration {
  override name = 'Migration20261121183136_entitlement_view';

  override up(): void | Promise<void> {
    this.addSql(`create view entitlement with (security_invoker = true) as select v.customer_id || '-' || v.feature_id as id, v.project_id, v.environment, v.customer_id, v.feature_id,
    (v.holds and case v.type when 'LIMIT' then v.amount is null or v.amount > 0
      when 'ENUMERATED' then v.best is not null else true end) as has, nullif(not (v.holds and case v.type when 'LIMIT' then v.amount is null or v.amount > 0
      when 'ENUMERATED' then v.best is not null else true end), false) as lacking,
    case when v.holds and v.type = 'LIMIT' then trim_scale(v.amount) end as limit_value,
    v.holds and v.type = 'LIMIT' and v.amount is null as unlimited,
    case when v.holds and v.type = 'ENUMERATED' then v.best end as option,
    v.overridden, v.changes_at, v.created_at
  from (
    select s.*, f.project_id, f.environment, f.type, f.created_at, f.options,
      case when s.overridden then s.override_allows else s.given end as holds,
      case when s.overridden then s.override_amount when not s.given_without_limit then s.given_amount end as amount,
      case when s.overridden then s.override_option else (
        select o.option from unnest(f.options) with ordinality o (option, place)
        where o.option = any (s.given_options) order by o.place desc limit 1) end as best
    from (
    select customer_id, feature_id, min(changes_at) as changes_at,
      count(*) filter (where part = 'OVERRIDE') > 0 as overridden,
      (array_agg(allowed order by id desc) filter (where part = 'OVERRIDE'))[1] as override_allows, (array_agg(amount order by id desc) filter (where part = 'OVERRIDE'))[1] as override_amount, (array_agg(option order by id desc) filter (where part = 'OVERRIDE'))[1] as override_option,
      coalesce(bool_or(true) filter (where part = 'GIVEN'), false) as given,
      bool_or(amount is null) filter (where part = 'GIVEN') as given_without_limit,
      sum(amount) filter (where part = 'GIVEN') as given_amount,
      array_agg(option) filter (where part = 'GIVEN') as given_options
    from (
    select s.customer_id, pf.feature_id, 'GIVEN' as part, true as allowed,
      case when pf.per_unit then pf.limit_value * coalesce(i.quantity, 1) else pf.limit_value end as amount,
      pf.option, s.ends_at as changes_at, pf.id
    from (
    select s.id, s.project_id, s.environment, s.customer_id, g.ends_at
    from subscription s cross join lateral (select case when s.status = 'PAST_DUE' then
  coalesce(
    (select min(coalesce(i.due_date, i.finalized_at)) from invoice i where i.subscription_id = s.id and i.status = 'OPEN' and (i.project_id, i.environment) = (s.project_id, s.environment)),
    s.current_period_start, s.created_at
  ) + (select make_interval(days => g.grace_period_days) from project_settings g
    where (g.project_id, g.environment) = (s.project_id, s.environment)) end as ends_at) g
    where s.status in ('TRIALING', 'ACTIVE', 'PAST_DUE') and (s.status <> 'PAST_DUE' or g.ends_at is null or g.ends_at > statement_timestamp())) s
    join subscription_item i on i.subscription_id = s.id
    join price p on p.id = i.price_id
    join product_feature pf on pf.product_id = p.product_id and pf.ended_at is null
      and (pf.project_id, pf.environment) = (s.project_id, s.environment)
    union all
    select a.customer_id, f.id, 'GIVEN', true, null, null, null, a.id
    from active_entitlement a
    join feature f on (f.project_id, f.environment, f.key) = (a.project_id, a.environment, a.lookup_key) and f.type = 'BOOLEAN'
    union all
    select g.customer_id, g.feature_id,
      case when not g.starts_at <= statement_timestamp() then 'LATER' when g.kind = 'OVERRIDE' then 'OVERRIDE' else 'GIVEN' end,
      g.allowed, g.limit_value, g.option, case when g.starts_at <= statement_timestamp() then g.expires_at else g.starts_at end, g.id
    from feature_grant g
    where g.revoked_at is null and (g.expires_at is null or g.expires_at > statement_timestamp())) source
    group by customer_id, feature_id) s join feature f on f.id = s.feature_id) v;`);
    this.addSql(`create view feature_access with (security_invoker = true) as select c.id || '-' || f.id as id, c.project_id, c.environment, c.id as customer_id, f.id as feature_id,
    coalesce(e.has, false) as has, e.limit_value, coalesce(e.unlimited, false) as unlimited, e.option, e.changes_at, f.created_at
  from customer c
  join feature f on (f.project_id, f.environment) = (c.project_id, c.environment)
  left join entitlement e on (e.customer_id, e.feature_id) = (c.id, f.id)
  where c.stripe_customer_id is not null and c.deleted_at is null;`);
  }
}
