import { graceEndsAt } from '../../billing/subscriptions/grace-ends-at.ts';
import { statusesWithAccess } from '../../billing/subscriptions/subscription-status.ts';
import { billingPeriod } from '../../usage/totals/billing-period.ts';
import { usedBetween } from '../../usage/totals/used-between.ts';

const subscription = {
  id: 's.id',
  projectId: 's.project_id',
  environment: 's.environment',
  status: 's.status',
  currentPeriodStart: 's.current_period_start',
  createdAt: 's.created_at',
};

const statuses = statusesWithAccess.map((status) => `'${status}'`).join(', ');

/** Subscriptions that give access now, with when that ends by time alone. */
const live = `
    select s.id, s.project_id, s.environment, s.customer_id, g.ends_at
    from subscription s cross join lateral (select ${graceEndsAt(subscription)} as ends_at) g
    where s.status in (${statuses}) and (s.status <> 'PAST_DUE' or g.ends_at is null or g.ends_at > statement_timestamp())`;

/** Whether a grant `g` counts now; and whether it does or will. */
const lasts = 'g.revoked_at is null and (g.expires_at is null or g.expires_at > statement_timestamp())';
const begun = 'g.starts_at <= statement_timestamp()';

/**
 * Everything that gives or takes a feature, a row for each: GIVEN adds up, OVERRIDE replaces, LATER only tells when something changes.
 * A null `amount` is without a limit.
 */
const sources = `
    select s.customer_id, pf.feature_id, 'GIVEN' as part, true as allowed,
      case when pf.per_unit then pf.limit_value * coalesce(i.quantity, 1) else pf.limit_value end as amount,
      pf.option, s.ends_at as changes_at, pf.id
    from (${live}) s
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
      case when not ${begun} then 'LATER' when g.kind = 'OVERRIDE' then 'OVERRIDE' else 'GIVEN' end,
      g.allowed, g.limit_value, g.option, case when ${begun} then g.expires_at else g.starts_at end, g.id
    from feature_grant g
    where ${lasts}`;

/** Of the newest override, whose ids sort by age. */
const ofOverride = (column: string) => `(array_agg(${column} order by id desc) filter (where part = 'OVERRIDE'))[1]`;
const ofGiven = (aggregate: string) => `${aggregate} filter (where part = 'GIVEN')`;

const sums = `
    select customer_id, feature_id, min(changes_at) as changes_at,
      count(*) filter (where part = 'OVERRIDE') > 0 as overridden,
      ${ofOverride('allowed')} as override_allows, ${ofOverride('amount')} as override_amount, ${ofOverride('option')} as override_option,
      coalesce(${ofGiven('bool_or(true)')}, false) as given,
      ${ofGiven('bool_or(amount is null)')} as given_without_limit,
      ${ofGiven('sum(amount)')} as given_amount,
      ${ofGiven('array_agg(option)')} as given_options
    from (${sources}) source
    group by customer_id, feature_id`;

/** What an override says, or else what the sources come to: values are null where the customer has nothing. */
const values = `
    select s.*, f.project_id, f.environment, f.type, f.meter_id, f.created_at, f.options,
      case when s.overridden then s.override_allows else s.given end as holds,
      case when s.overridden then s.override_amount when not s.given_without_limit then s.given_amount end as amount,
      case when s.overridden then s.override_option else (
        select o.option from unnest(f.options) with ordinality o (option, place)
        where o.option = any (s.given_options) order by o.place desc limit 1) end as best
    from (${sums}) s join feature f on f.id = s.feature_id`;

/** A limit of nothing, or no option, is as good as not to have it. */
const has = `(v.holds and case v.type when 'LIMIT' then v.amount is null or v.amount > 0
      when 'ENUMERATED' then v.best is not null else true end)`;

/**
 * How far a customer came with what the meter of a feature counts: nulls where it has none. As an aggregate it is one row for certain, so
 * that PostgreSQL leaves it out where none of its columns is asked for.
 */
const standing = (of: { customer: string; meter: string }) => `
    select max(period.starts) as period_start, max(period.ends) as resets_at, trim_scale(max(u.used)) as used, trim_scale(max(h.held)) as held
    from meter m
    cross join lateral (${billingPeriod({ customer: of.customer, stripeMeterId: 'm.stripe_meter_id' })}) period
    cross join lateral (select ${usedBetween('m.aggregation', { customer: of.customer, meter: 'm.id', from: 'period.starts', to: 'period.ends' })} as used) u
    cross join lateral (select coalesce(sum(r.amount), 0) as held from usage_reservation r
      where r.customer_id = ${of.customer} and r.meter_id = m.id and r.status = 'HELD' and r.expires_at > statement_timestamp()) h
    where m.id = ${of.meter}`;

/** What is left of a limit: null without one, and where nothing is counted. */
const remaining = (isUnlimited: string, limit: string) =>
  `case when u.used is not null and (${isUnlimited}) is not true then trim_scale(greatest(${limit} - u.used - u.held, 0)) end`;

/**
 * SQL: a row for each customer and feature that anything gives him, takes from him, or is going to. It is the one definition of who may use
 * what; explainAccess tells the same with its reasons, at any instant (a test compares them). Look it up by customer: each source is then
 * found by an index.
 */
export const entitlementView = `
  select v.customer_id || '-' || v.feature_id as id, v.project_id, v.environment, v.customer_id, v.feature_id,
    ${has} as has, nullif(not ${has}, false) as lacking,
    case when v.holds and v.type = 'LIMIT' then trim_scale(v.amount) end as limit_value,
    v.holds and v.type = 'LIMIT' and v.amount is null as unlimited,
    case when v.holds and v.type = 'ENUMERATED' then v.best end as option,
    v.overridden, v.changes_at, v.created_at,
    u.used, u.held, ${remaining('v.holds and v.amount is null', 'case when v.holds then v.amount else 0 end')} as remaining, u.period_start, u.resets_at
  from (${values}) v
  left join lateral (${standing({ customer: 'v.customer_id', meter: 'v.meter_id' })}) u on true`;

/** SQL: a row for each customer that is there and each feature of his project, also where nothing gives it. Look it up by both. */
export const featureAccessView = `
  select c.id || '-' || f.id as id, c.project_id, c.environment, c.id as customer_id, f.id as feature_id,
    coalesce(e.has, false) as has, e.limit_value, coalesce(e.unlimited, false) as unlimited, e.option, e.changes_at, f.created_at,
    u.used, u.held, ${remaining('e.unlimited', 'coalesce(e.limit_value, 0)')} as remaining, u.period_start, u.resets_at
  from customer c
  join feature f on (f.project_id, f.environment) = (c.project_id, c.environment)
  left join entitlement e on (e.customer_id, e.feature_id) = (c.id, f.id)
  left join lateral (${standing({ customer: 'c.id', meter: 'f.meter_id' })}) u on true
  where c.stripe_customer_id is not null and c.deleted_at is null`;
