/** SQL expressions: whose period; and Stripe's id of the meter, or null. */
export type PeriodOf = { customer: string; stripeMeterId: string };

/**
 * SQL: one row with `starts` and `ends`, of the billing period in which a customer uses a meter now. It is that of the subscription
 * item whose price charges the meter; where no live subscription has one, that of the newest live subscription; without any, the
 * calendar month (UTC). Where the period of a subscription has passed and Stripe's next one is not here yet, it is the one that follows.
 */
export const billingPeriod = ({ customer, stripeMeterId }: PeriodOf) => `
  select coalesce(b.starts, month.starts) as starts, coalesce(b.ends, month.ends) as ends
  from (select date_trunc('month', now(), 'UTC') as starts,
    (date_trunc('month', now() at time zone 'UTC') + interval '1 month') at time zone 'UTC' as ends) month
  left join (
    select case when passed then ends else starts end as starts,
      case when passed then (ends at time zone 'UTC' + length) at time zone 'UTC' else ends end as ends
    from (
      select i.current_period_start as starts, i.current_period_end as ends, i.current_period_end <= now() as passed,
        (p.recurring_interval_count || ' ' || p.recurring_interval)::interval as length
      from subscription s join subscription_item i on i.subscription_id = s.id join price p on p.id = i.price_id
      where s.customer_id = ${customer} and s.status in (${billing})
        and i.current_period_start < i.current_period_end and p.recurring_interval is not null
      order by (p.stripe_meter_id = ${stripeMeterId}) desc nulls last, s.created_at desc, s.id desc, i.id
      limit 1
    ) newest
  ) b on true`;

/** Those that have periods which are billed. One that is past due is billed on, whether it gives access or not. */
const billing = "'ACTIVE', 'TRIALING', 'PAST_DUE'";
