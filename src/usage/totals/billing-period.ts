/** SQL expressions: whose period; and Stripe's id of the meter, or null. */
export type PeriodOf = { customer: string; stripeMeterId: string };

/**
 * SQL: one row with `starts` and `ends`, of the billing period in which a customer uses a meter now. It is that of the subscription
 * item whose price charges the meter; where no live subscription has one, that of the newest live subscription; without any, the
 * calendar month (UTC). Where the period of a subscription has passed and Stripe's next one is not here, it is the one that follows, or
 * as many further as have passed: usage of now is never out of the period. Now is when the statement begins, since a transaction that
 * waited for its turn to reserve may have begun in the period before.
 */
export const billingPeriod = ({ customer, stripeMeterId }: PeriodOf) => `
  select coalesce(b.starts, month.starts) as starts, coalesce(b.ends, month.ends) as ends
  from (select date_trunc('month', statement_timestamp(), 'UTC') as starts,
    (date_trunc('month', statement_timestamp() at time zone 'UTC') + interval '1 month') at time zone 'UTC' as ends) month
  left join (
    select case when passed = 0 then starts else (ends at time zone 'UTC' + (passed - 1) * length) at time zone 'UTC' end as starts,
      case when passed = 0 then ends else (ends at time zone 'UTC' + passed * length) at time zone 'UTC' end as ends
    from (
      select newest.*, case when ends > statement_timestamp() then 0 else ${periodsSince('ends', 'length')} end as passed
      from (
        select i.current_period_start as starts, i.current_period_end as ends,
          (p.recurring_interval_count || ' ' || p.recurring_interval)::interval as length
        from subscription s join subscription_item i on i.subscription_id = s.id join price p on p.id = i.price_id
        where s.customer_id = ${customer} and s.status in (${billing})
          and i.current_period_start < i.current_period_end and p.recurring_interval is not null
        order by (p.stripe_meter_id = ${stripeMeterId}) desc nulls last, s.created_at desc, s.id desc, i.id
        limit 1
      ) newest
    ) counted
  ) b on true`;

/** Those that have periods which are billed. One that is past due is billed on, whether it gives access or not. */
const billing = "'ACTIVE', 'TRIALING', 'PAST_DUE'";

/** SQL: how many periods it takes from the end of one until one ends after now. (Months and years are of about the length that PostgreSQL takes them for.) */
function periodsSince(end: string, length: string): string {
  const atMost = `ceil(1.1 * extract(epoch from statement_timestamp() - ${end}) / extract(epoch from ${length}))::int + 1`;
  return `(select min(n) from generate_series(1, ${atMost}) n where (${end} at time zone 'UTC' + n * ${length}) at time zone 'UTC' > statement_timestamp())`;
}
