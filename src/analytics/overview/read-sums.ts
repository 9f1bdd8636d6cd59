import type { EntityManager } from '@mikro-orm/core';
import type { SubscriptionStatus } from '../../billing/subscriptions/subscription-status.ts';
import { runStatement } from '../../database/run-statement.ts';
import type { Side } from '../../tenancy/teams/side.ts';
import type { Window } from '../metrics/check-window.ts';
import type { MovementType } from '../revenue/movement-types.ts';

/** Numerators are summed by denominator: PostgreSQL has no fractions, and adds whole numbers exactly. */
type Fractions = { numerator: string; denominator: string; trialNumerator: string; trialDenominator: string };

export type StateSum = Fractions & { currency: string; status: SubscriptionStatus; subscriptions: number };

export type MovedSum = Fractions & {
  currency: string;
  type: MovementType | null;
  statusBefore: SubscriptionStatus | null;
  statusAfter: SubscriptionStatus;
  /** Whether it was at the end of the window or after it. */
  later: boolean;
  movements: number;
};

export type Sums = {
  /** What is now. */
  state: StateSum[];
  /** What moved since the begin of the window: what was then and at its end follows, since all adds up. */
  moved: MovedSum[];
  /** Of the end of the window. */
  payers: { currency: string; customers: number }[];
  allPayers: number;
  /** Of those that were active at the begin, how many were canceled in the window. */
  canceled: number;
  /** Of the end of the window. */
  customers: number;
  growth: { day: string; created: number; deleted: number }[];
};

const ofSide = 'project_id = $1 and environment = $2';
/** Whoever is being made in Stripe is nobody yet. */
const seenOfSide = `${ofSide} and stripe_customer_id is not null`;

/** Whether a subscription pays, as a number that changes of it are added to. */
const pays = {
  now: 'mrr_numerator > 0',
  change: `case when type in ('NEW', 'REACTIVATION') then 1 when type = 'CHURN' then -1 else 0 end`,
};

/** The same, where one that is in a trial is taken to pay. It never is both. */
const paysOrTries = {
  now: `(mrr_numerator > 0 or status = 'TRIALING')`,
  change: `${pays.change} + (status_after = 'TRIALING')::int - coalesce((status_before = 'TRIALING')::int, 0)`,
};

/**
 * One statement, so that all of it is of one moment. `offset 0` keeps the planner from sorting: it believes that row-level security leaves
 * few rows, and a hundred thousand are summed in half the time by a hash.
 */
const statement = ({ now, change }: typeof pays) => `
  with moved as materialized (
    select subscription_id, ordinal, customer_id, currency, type, numerator, denominator, trial_numerator, trial_denominator,
      status_before, status_after, occurred_at >= $4::timestamptz as later
    from revenue_movement where ${ofSide} and occurred_at >= $3::timestamptz
  ), payer as materialized (
    select customer_id, currency from (
      select customer_id, currency, 1 as pays from subscription_revenue where ${ofSide} and ${now}
      union all
      select customer_id, currency, -(${change}) from moved where later
    ) p group by customer_id, currency having sum(pays) > 0
  )
  select json_build_object(
    'state', (select coalesce(json_agg(s), '[]') from (
      select currency, status, sum(mrr_numerator)::text as numerator, mrr_denominator::text as denominator,
        sum(trial_numerator)::text as "trialNumerator", trial_denominator::text as "trialDenominator", count(*) as subscriptions
      from (
        select currency, status, mrr_numerator, mrr_denominator, trial_numerator, trial_denominator
        from subscription_revenue where ${ofSide} offset 0
      ) r group by currency, status, mrr_denominator, trial_denominator
    ) s),
    'moved', (select coalesce(json_agg(m), '[]') from (
      select currency, type, status_before as "statusBefore", status_after as "statusAfter", later, sum(numerator)::text as numerator,
        denominator::text, sum(trial_numerator)::text as "trialNumerator", trial_denominator::text as "trialDenominator", count(*) as movements
      from moved group by currency, type, status_before, status_after, later, moved.denominator, moved.trial_denominator
    ) m),
    'payers', (select coalesce(json_agg(p), '[]') from (
      select currency, count(*) as customers from payer group by currency
    ) p),
    'allPayers', (select count(*) from (select from payer group by customer_id) p),
    'canceled', (select count(*) from (
      select bool_or(status_after = 'CANCELED') as canceled, (array_agg(status_before order by ordinal))[1] as first
      from moved where not later group by subscription_id
    ) m where canceled and first in ('ACTIVE', 'PAST_DUE')),
    'customers', (select count(*) from customer where ${seenOfSide}
      and created_at < $4::timestamptz and (deleted_at is null or deleted_at >= $4::timestamptz)),
    'growth', (select coalesce(json_agg(g order by day), '[]') from (
      select to_char(at at time zone 'UTC', 'YYYY-MM-DD') as day, sum(created) as created, sum(deleted) as deleted from (
        select created_at as at, 1 as created, 0 as deleted from customer where ${seenOfSide}
        and created_at >= $3::timestamptz and created_at < $4::timestamptz
        union all
        select deleted_at, 0, 1 from customer where ${seenOfSide} and deleted_at >= $3::timestamptz and deleted_at < $4::timestamptz
      ) c group by 1
    ) g)
  ) as sums`;

/** What analytics of a window are made of. @param trials whether who is in a trial is taken to pay. */
export async function readSums(
  { em }: { em: EntityManager },
  { projectId, environment }: Side,
  { from, to }: Window,
  { trials }: { trials: boolean },
): Promise<Sums> {
  const values = [projectId, environment, from.toISOString(), to.toISOString()];
  const [row] = await runStatement<{ sums: Sums }>(em, statement(trials ? paysOrTries : pays), values);
  return row!.sums;
}
