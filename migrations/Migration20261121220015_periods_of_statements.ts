import { Migration } from '@mikro-orm/migrations';

export class Migration20261121220015_periods_of_statements extends Migration {
  override name = 'Migration20261121220015_periods_of_statements';

  override up(): void | Promise<void> {
    this.addSql(`drop view if exists entitlement cascade;`);
    this.addSql(`drop view if exists feature_access cascade;`);

    this.addSql(`create view entitlement with (security_invoker = true) as select v.customer_id || '-' || v.feature_id as id, v.project_id, v.environment, v.customer_id, v.feature_id,
    (v.holds and case v.type when 'LIMIT' then v.amount is null or v.amount > 0
      when 'ENUMERATED' then v.best is not null else true end) as has, nullif(not (v.holds and case v.type when 'LIMIT' then v.amount is null or v.amount > 0
      when 'ENUMERATED' then v.best is not null else true end), false) as lacking,
    case when v.holds and v.type = 'LIMIT' then trim_scale(v.amount) end as limit_value,
    v.holds and v.type = 'LIMIT' and v.amount is null as unlimited,
    case when v.holds and v.type = 'ENUMERATED' then v.best end as option,
    v.overridden, v.changes_at, v.created_at,
    u.used, u.held, case when u.used is not null and (v.holds and v.amount is null) is not true then trim_scale(greatest(case when v.holds then v.amount else 0 end - u.used - u.held, 0)) end as remaining, u.period_start, u.resets_at
  from (
    select s.*, f.project_id, f.environment, f.type, f.meter_id, f.created_at, f.options,
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
    group by customer_id, feature_id) s join feature f on f.id = s.feature_id) v
  left join lateral (
    select max(period.starts) as period_start, max(period.ends) as resets_at, trim_scale(max(u.used)) as used, trim_scale(max(h.held)) as held
    from meter m
    cross join lateral (
  select coalesce(b.starts, month.starts) as starts, coalesce(b.ends, month.ends) as ends
  from (select date_trunc('month', statement_timestamp(), 'UTC') as starts,
    (date_trunc('month', statement_timestamp() at time zone 'UTC') + interval '1 month') at time zone 'UTC' as ends) month
  left join (
    select case when passed = 0 then starts else (ends at time zone 'UTC' + (passed - 1) * length) at time zone 'UTC' end as starts,
      case when passed = 0 then ends else (ends at time zone 'UTC' + passed * length) at time zone 'UTC' end as ends
    from (
      select newest.*, case when ends > statement_timestamp() then 0 else (select min(n) from generate_series(1, ceil(1.1 * extract(epoch from statement_timestamp() - ends) / extract(epoch from length))::int + 1) n where (ends at time zone 'UTC' + n * length) at time zone 'UTC' > statement_timestamp()) end as passed
      from (
        select i.current_period_start as starts, i.current_period_end as ends,
          (p.recurring_interval_count || ' ' || p.recurring_interval)::interval as length
        from subscription s join subscription_item i on i.subscription_id = s.id join price p on p.id = i.price_id
        where s.customer_id = v.customer_id and s.status in ('ACTIVE', 'TRIALING', 'PAST_DUE')
          and i.current_period_start < i.current_period_end and p.recurring_interval is not null
        order by (p.stripe_meter_id = m.stripe_meter_id) desc nulls last, s.created_at desc, s.id desc, i.id
        limit 1
      ) newest
    ) counted
  ) b on true) period
    cross join lateral (select (case m.aggregation when 'SUM' then (select coalesce(sum(u.sum), 0) from (
    select h.hour as at, h.count, h.sum, h.max, h.last_value, h.last_at, h.last_event_id from usage_hour h
    where h.customer_id = v.customer_id and h.meter_id = m.id and h.hour >= date_trunc('hour', period.starts + interval '1 hour' - interval '1 microsecond', 'UTC') and h.hour < date_trunc('hour', period.ends, 'UTC') and h.count > 0
    union all 
    select e.occurred_at as at, 1::bigint as count, e.value as sum, e.value as max, e.value as last_value, e.occurred_at as last_at, e.id as last_event_id
    from usage_event e where e.meter_id = m.id and e.customer_id = v.customer_id and e.voided_at is null
      and e.occurred_at >= period.starts and e.occurred_at < least(date_trunc('hour', period.starts + interval '1 hour' - interval '1 microsecond', 'UTC'), period.ends) union all 
    select e.occurred_at as at, 1::bigint as count, e.value as sum, e.value as max, e.value as last_value, e.occurred_at as last_at, e.id as last_event_id
    from usage_event e where e.meter_id = m.id and e.customer_id = v.customer_id and e.voided_at is null
      and e.occurred_at >= greatest(date_trunc('hour', period.starts + interval '1 hour' - interval '1 microsecond', 'UTC'), date_trunc('hour', period.ends, 'UTC')) and e.occurred_at < period.ends) u)
when 'COUNT' then (select coalesce(sum(u.count), 0) from (
    select h.hour as at, h.count, h.sum, h.max, h.last_value, h.last_at, h.last_event_id from usage_hour h
    where h.customer_id = v.customer_id and h.meter_id = m.id and h.hour >= date_trunc('hour', period.starts + interval '1 hour' - interval '1 microsecond', 'UTC') and h.hour < date_trunc('hour', period.ends, 'UTC') and h.count > 0
    union all 
    select e.occurred_at as at, 1::bigint as count, e.value as sum, e.value as max, e.value as last_value, e.occurred_at as last_at, e.id as last_event_id
    from usage_event e where e.meter_id = m.id and e.customer_id = v.customer_id and e.voided_at is null
      and e.occurred_at >= period.starts and e.occurred_at < least(date_trunc('hour', period.starts + interval '1 hour' - interval '1 microsecond', 'UTC'), period.ends) union all 
    select e.occurred_at as at, 1::bigint as count, e.value as sum, e.value as max, e.value as last_value, e.occurred_at as last_at, e.id as last_event_id
    from usage_event e where e.meter_id = m.id and e.customer_id = v.customer_id and e.voided_at is null
      and e.occurred_at >= greatest(date_trunc('hour', period.starts + interval '1 hour' - interval '1 microsecond', 'UTC'), date_trunc('hour', period.ends, 'UTC')) and e.occurred_at < period.ends) u)
when 'MAX' then (select coalesce(max(u.max), 0) from (
    select h.hour as at, h.count, h.sum, h.max, h.last_value, h.last_at, h.last_event_id from usage_hour h
    where h.customer_id = v.customer_id and h.meter_id = m.id and h.hour >= date_trunc('hour', period.starts + interval '1 hour' - interval '1 microsecond', 'UTC') and h.hour < date_trunc('hour', period.ends, 'UTC') and h.count > 0
    union all 
    select e.occurred_at as at, 1::bigint as count, e.value as sum, e.value as max, e.value as last_value, e.occurred_at as last_at, e.id as last_event_id
    from usage_event e where e.meter_id = m.id and e.customer_id = v.customer_id and e.voided_at is null
      and e.occurred_at >= period.starts and e.occurred_at < least(date_trunc('hour', period.starts + interval '1 hour' - interval '1 microsecond', 'UTC'), period.ends) union all 
    select e.occurred_at as at, 1::bigint as count, e.value as sum, e.value as max, e.value as last_value, e.occurred_at as last_at, e.id as last_event_id
    from usage_event e where e.meter_id = m.id and e.customer_id = v.customer_id and e.voided_at is null
      and e.occurred_at >= greatest(date_trunc('hour', period.starts + interval '1 hour' - interval '1 microsecond', 'UTC'), date_trunc('hour', period.ends, 'UTC')) and e.occurred_at < period.ends) u)
when 'LAST' then (select coalesce((array_agg(u.last_value order by u.last_at desc, u.last_event_id desc))[1], 0) from (
    select h.hour as at, h.count, h.sum, h.max, h.last_value, h.last_at, h.last_event_id from usage_hour h
    where h.customer_id = v.customer_id and h.meter_id = m.id and h.hour >= date_trunc('hour', period.starts + interval '1 hour' - interval '1 microsecond', 'UTC') and h.hour < date_trunc('hour', period.ends, 'UTC') and h.count > 0
    union all 
    select e.occurred_at as at, 1::bigint as count, e.value as sum, e.value as max, e.value as last_value, e.occurred_at as last_at, e.id as last_event_id
    from usage_event e where e.meter_id = m.id and e.customer_id = v.customer_id and e.voided_at is null
      and e.occurred_at >= period.starts and e.occurred_at < least(date_trunc('hour', period.starts + interval '1 hour' - interval '1 microsecond', 'UTC'), period.ends) union all 
    select e.occurred_at as at, 1::bigint as count, e.value as sum, e.value as max, e.value as last_value, e.occurred_at as last_at, e.id as last_event_id
    from usage_event e where e.meter_id = m.id and e.customer_id = v.customer_id and e.voided_at is null
      and e.occurred_at >= greatest(date_trunc('hour', period.starts + interval '1 hour' - interval '1 microsecond', 'UTC'), date_trunc('hour', period.ends, 'UTC')) and e.occurred_at < period.ends) u)
when 'UNIQUE_COUNT' then (select count(distinct u.value)::numeric from (
    select h.hour as at, h.value, h.count from usage_hour_value h
    where h.customer_id = v.customer_id and h.meter_id = m.id and h.hour >= date_trunc('hour', period.starts + interval '1 hour' - interval '1 microsecond', 'UTC') and h.hour < date_trunc('hour', period.ends, 'UTC') and h.count > 0
    union all 
    select e.occurred_at as at, e.unique_value as value, 1::bigint as count
    from usage_event e where e.meter_id = m.id and e.customer_id = v.customer_id and e.voided_at is null
      and e.occurred_at >= period.starts and e.occurred_at < least(date_trunc('hour', period.starts + interval '1 hour' - interval '1 microsecond', 'UTC'), period.ends) union all 
    select e.occurred_at as at, e.unique_value as value, 1::bigint as count
    from usage_event e where e.meter_id = m.id and e.customer_id = v.customer_id and e.voided_at is null
      and e.occurred_at >= greatest(date_trunc('hour', period.starts + interval '1 hour' - interval '1 microsecond', 'UTC'), date_trunc('hour', period.ends, 'UTC')) and e.occurred_at < period.ends) u) end) as used) u
    cross join lateral (select coalesce(sum(r.amount), 0) as held from usage_reservation r
      where r.customer_id = v.customer_id and r.meter_id = m.id and r.status = 'HELD' and r.expires_at > statement_timestamp()) h
    where m.id = v.meter_id) u on true;`);
    this.addSql(`create view feature_access with (security_invoker = true) as select c.id || '-' || f.id as id, c.project_id, c.environment, c.id as customer_id, f.id as feature_id,
    coalesce(e.has, false) as has, e.limit_value, coalesce(e.unlimited, false) as unlimited, e.option, e.changes_at, f.created_at,
    u.used, u.held, case when u.used is not null and (e.unlimited) is not true then trim_scale(greatest(coalesce(e.limit_value, 0) - u.used - u.held, 0)) end as remaining, u.period_start, u.resets_at
  from customer c
  join feature f on (f.project_id, f.environment) = (c.project_id, c.environment)
  left join entitlement e on (e.customer_id, e.feature_id) = (c.id, f.id)
  left join lateral (
    select max(period.starts) as period_start, max(period.ends) as resets_at, trim_scale(max(u.used)) as used, trim_scale(max(h.held)) as held
    from meter m
    cross join lateral (
  select coalesce(b.starts, month.starts) as starts, coalesce(b.ends, month.ends) as ends
  from (select date_trunc('month', statement_timestamp(), 'UTC') as starts,
    (date_trunc('month', statement_timestamp() at time zone 'UTC') + interval '1 month') at time zone 'UTC' as ends) month
  left join (
    select case when passed = 0 then starts else (ends at time zone 'UTC' + (passed - 1) * length) at time zone 'UTC' end as starts,
      case when passed = 0 then ends else (ends at time zone 'UTC' + passed * length) at time zone 'UTC' end as ends
    from (
      select newest.*, case when ends > statement_timestamp() then 0 else (select min(n) from generate_series(1, ceil(1.1 * extract(epoch from statement_timestamp() - ends) / extract(epoch from length))::int + 1) n where (ends at time zone 'UTC' + n * length) at time zone 'UTC' > statement_timestamp()) end as passed
      from (
        select i.current_period_start as starts, i.current_period_end as ends,
          (p.recurring_interval_count || ' ' || p.recurring_interval)::interval as length
        from subscription s join subscription_item i on i.subscription_id = s.id join price p on p.id = i.price_id
        where s.customer_id = c.id and s.status in ('ACTIVE', 'TRIALING', 'PAST_DUE')
          and i.current_period_start < i.current_period_end and p.recurring_interval is not null
        order by (p.stripe_meter_id = m.stripe_meter_id) desc nulls last, s.created_at desc, s.id desc, i.id
        limit 1
      ) newest
    ) counted
  ) b on true) period
    cross join lateral (select (case m.aggregation when 'SUM' then (select coalesce(sum(u.sum), 0) from (
    select h.hour as at, h.count, h.sum, h.max, h.last_value, h.last_at, h.last_event_id from usage_hour h
    where h.customer_id = c.id and h.meter_id = m.id and h.hour >= date_trunc('hour', period.starts + interval '1 hour' - interval '1 microsecond', 'UTC') and h.hour < date_trunc('hour', period.ends, 'UTC') and h.count > 0
    union all 
    select e.occurred_at as at, 1::bigint as count, e.value as sum, e.value as max, e.value as last_value, e.occurred_at as last_at, e.id as last_event_id
    from usage_event e where e.meter_id = m.id and e.customer_id = c.id and e.voided_at is null
      and e.occurred_at >= period.starts and e.occurred_at < least(date_trunc('hour', period.starts + interval '1 hour' - interval '1 microsecond', 'UTC'), period.ends) union all 
    select e.occurred_at as at, 1::bigint as count, e.value as sum, e.value as max, e.value as last_value, e.occurred_at as last_at, e.id as last_event_id
    from usage_event e where e.meter_id = m.id and e.customer_id = c.id and e.voided_at is null
      and e.occurred_at >= greatest(date_trunc('hour', period.starts + interval '1 hour' - interval '1 microsecond', 'UTC'), date_trunc('hour', period.ends, 'UTC')) and e.occurred_at < period.ends) u)
when 'COUNT' then (select coalesce(sum(u.count), 0) from (
    select h.hour as at, h.count, h.sum, h.max, h.last_value, h.last_at, h.last_event_id from usage_hour h
    where h.customer_id = c.id and h.meter_id = m.id and h.hour >= date_trunc('hour', period.starts + interval '1 hour' - interval '1 microsecond', 'UTC') and h.hour < date_trunc('hour', period.ends, 'UTC') and h.count > 0
    union all 
    select e.occurred_at as at, 1::bigint as count, e.value as sum, e.value as max, e.value as last_value, e.occurred_at as last_at, e.id as last_event_id
    from usage_event e where e.meter_id = m.id and e.customer_id = c.id and e.voided_at is null
      and e.occurred_at >= period.starts and e.occurred_at < least(date_trunc('hour', period.starts + interval '1 hour' - interval '1 microsecond', 'UTC'), period.ends) union all 
    select e.occurred_at as at, 1::bigint as count, e.value as sum, e.value as max, e.value as last_value, e.occurred_at as last_at, e.id as last_event_id
    from usage_event e where e.meter_id = m.id and e.customer_id = c.id and e.voided_at is null
      and e.occurred_at >= greatest(date_trunc('hour', period.starts + interval '1 hour' - interval '1 microsecond', 'UTC'), date_trunc('hour', period.ends, 'UTC')) and e.occurred_at < period.ends) u)
when 'MAX' then (select coalesce(max(u.max), 0) from (
    select h.hour as at, h.count, h.sum, h.max, h.last_value, h.last_at, h.last_event_id from usage_hour h
    where h.customer_id = c.id and h.meter_id = m.id and h.hour >= date_trunc('hour', period.starts + interval '1 hour' - interval '1 microsecond', 'UTC') and h.hour < date_trunc('hour', period.ends, 'UTC') and h.count > 0
    union all 
    select e.occurred_at as at, 1::bigint as count, e.value as sum, e.value as max, e.value as last_value, e.occurred_at as last_at, e.id as last_event_id
    from usage_event e where e.meter_id = m.id and e.customer_id = c.id and e.voided_at is null
      and e.occurred_at >= period.starts and e.occurred_at < least(date_trunc('hour', period.starts + interval '1 hour' - interval '1 microsecond', 'UTC'), period.ends) union all 
    select e.occurred_at as at, 1::bigint as count, e.value as sum, e.value as max, e.value as last_value, e.occurred_at as last_at, e.id as last_event_id
    from usage_event e where e.meter_id = m.id and e.customer_id = c.id and e.voided_at is null
      and e.occurred_at >= greatest(date_trunc('hour', period.starts + interval '1 hour' - interval '1 microsecond', 'UTC'), date_trunc('hour', period.ends, 'UTC')) and e.occurred_at < period.ends) u)
when 'LAST' then (select coalesce((array_agg(u.last_value order by u.last_at desc, u.last_event_id desc))[1], 0) from (
    select h.hour as at, h.count, h.sum, h.max, h.last_value, h.last_at, h.last_event_id from usage_hour h
    where h.customer_id = c.id and h.meter_id = m.id and h.hour >= date_trunc('hour', period.starts + interval '1 hour' - interval '1 microsecond', 'UTC') and h.hour < date_trunc('hour', period.ends, 'UTC') and h.count > 0
    union all 
    select e.occurred_at as at, 1::bigint as count, e.value as sum, e.value as max, e.value as last_value, e.occurred_at as last_at, e.id as last_event_id
    from usage_event e where e.meter_id = m.id and e.customer_id = c.id and e.voided_at is null
      and e.occurred_at >= period.starts and e.occurred_at < least(date_trunc('hour', period.starts + interval '1 hour' - interval '1 microsecond', 'UTC'), period.ends) union all 
    select e.occurred_at as at, 1::bigint as count, e.value as sum, e.value as max, e.value as last_value, e.occurred_at as last_at, e.id as last_event_id
    from usage_event e where e.meter_id = m.id and e.customer_id = c.id and e.voided_at is null
      and e.occurred_at >= greatest(date_trunc('hour', period.starts + interval '1 hour' - interval '1 microsecond', 'UTC'), date_trunc('hour', period.ends, 'UTC')) and e.occurred_at < period.ends) u)
when 'UNIQUE_COUNT' then (select count(distinct u.value)::numeric from (
    select h.hour as at, h.value, h.count from usage_hour_value h
    where h.customer_id = c.id and h.meter_id = m.id and h.hour >= date_trunc('hour', period.starts + interval '1 hour' - interval '1 microsecond', 'UTC') and h.hour < date_trunc('hour', period.ends, 'UTC') and h.count > 0
    union all 
    select e.occurred_at as at, e.unique_value as value, 1::bigint as count
    from usage_event e where e.meter_id = m.id and e.customer_id = c.id and e.voided_at is null
      and e.occurred_at >= period.starts and e.occurred_at < least(date_trunc('hour', period.starts + interval '1 hour' - interval '1 microsecond', 'UTC'), period.ends) union all 
    select e.occurred_at as at, e.unique_value as value, 1::bigint as count
    from usage_event e where e.meter_id = m.id and e.customer_id = c.id and e.voided_at is null
      and e.occurred_at >= greatest(date_trunc('hour', period.starts + interval '1 hour' - interval '1 microsecond', 'UTC'), date_trunc('hour', period.ends, 'UTC')) and e.occurred_at < period.ends) u) end) as used) u
    cross join lateral (select coalesce(sum(r.amount), 0) as held from usage_reservation r
      where r.customer_id = c.id and r.meter_id = m.id and r.status = 'HELD' and r.expires_at > statement_timestamp()) h
    where m.id = f.meter_id) u on true
  where c.stripe_customer_id is not null and c.deleted_at is null;`);
  }
}
