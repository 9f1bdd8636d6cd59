import type { EntityManager } from '@mikro-orm/core';
import { runStatement } from '../../database/run-statement.ts';
import type { Side } from '../../tenancy/teams/side.ts';
import type { Moved, Payers } from './standing.ts';

/** How many customers more paid at the end of a day than at its begin; in any currency, where it is null. */
export type MorePayers = Payers & { currency: string | null; day: string };

/** What moved between two instants, by day (UTC). Null stands for ever before. */
export type Between = { from: string | null; to: string };

const paid = `case when type in ('NEW', 'REACTIVATION') then 1 when type = 'CHURN' then -1 else 0 end`;
const tried = `(status_after = 'TRIALING')::int - coalesce((status_before = 'TRIALING')::int, 0)`;
const isMore = (after: string, more: string) => `sum((${after} > 0)::int - (${after} - ${more} > 0)::int)`;

/**
 * Whether a customer pays is a number, which his movements raise and lower: how many of his subscriptions pay. Those who moved are counted
 * from what moved before; where all movements are read, nothing did.
 */
const statement = (allIsRead: boolean) => `
  with moved as materialized (
    select currency, customer_id, type, numerator, denominator, trial_numerator, trial_denominator, status_before, status_after,
      (occurred_at at time zone 'UTC')::date as day, ${paid} as paid, ${tried} as tried
    from revenue_movement
    where project_id = $1 and environment = $2 and occurred_at >= $3::timestamptz and occurred_at < $4::timestamptz
  ), daily as (
    select customer_id, currency, day, sum(paid) as paid, sum(tried) as tried from moved
    where paid <> 0 or tried <> 0
    group by grouping sets ((customer_id, currency, day), (customer_id, day))
  ), paying as (
    select currency, day, d.paid, d.paid + d.tried as counted, before.paid + sum(d.paid) over days as paid_after,
      before.paid + before.tried + sum(d.paid + d.tried) over days as counted_after
    from daily d cross join lateral (
      ${
        allIsRead
          ? 'select 0 as paid, 0 as tried'
          : `select coalesce(sum(${paid}), 0) as paid, coalesce(sum(${tried}), 0) as tried from revenue_movement m
      where m.project_id = $1 and m.environment = $2 and m.customer_id = d.customer_id and m.occurred_at < $3::timestamptz
        and (d.currency is null or m.currency = d.currency)`
      }
    ) before
    window days as (partition by customer_id, currency order by day)
  )
  select json_build_object(
    'moved', (select coalesce(json_agg(m), '[]') from (
      select currency, day, type, status_before as "statusBefore", status_after as "statusAfter", sum(numerator)::text as numerator,
        denominator::text, sum(trial_numerator)::text as "trialNumerator", trial_denominator::text as "trialDenominator", count(*) as movements
      from moved group by currency, day, type, status_before, status_after, moved.denominator, moved.trial_denominator
    ) m),
    'payers', (select coalesce(json_agg(p), '[]') from (
      select currency, day, ${isMore('paid_after', 'paid')} as "payingCustomers",
        ${isMore('counted_after', 'counted')} as "payingOrTryingCustomers"
      from paying group by currency, day
    ) p)
  ) as read`;

/** @param between.to is not part of it. */
export async function readMoved(
  { em }: { em: EntityManager },
  { projectId, environment }: Side,
  { from, to }: Between,
): Promise<{ moved: Moved[]; payers: MorePayers[] }> {
  const [row] = await runStatement<{ read: { moved: Moved[]; payers: MorePayers[] } }>(em, statement(from === null), [
    projectId,
    environment,
    from ?? '-infinity',
    to,
  ]);
  return row!.read;
}
