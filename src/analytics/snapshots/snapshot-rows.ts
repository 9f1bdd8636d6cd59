import type { EntityManager } from '@mikro-orm/core';
import { runStatement } from '../../database/run-statement.ts';
import type { Side } from '../../tenancy/teams/side.ts';
import { fractionIn, textOf } from '../metrics/exact.ts';
import type { Changes } from '../metrics/metrics.ts';
import type { RevenueDay } from './days-of-movements.ts';
import { nothing, type StatusCounts } from './standing.ts';

/** A snapshot as it is stored: fractions as text. */
export type StoredDay = {
  day: string;
  currency: string;
  mrr: string;
  trial_mrr: string;
  new: string;
  expansion: string;
  contraction: string;
  churn: string;
  reactivation: string;
  paying_customers: number;
  paying_or_trying_customers: number;
  all_paying_customers: number;
  all_paying_or_trying_customers: number;
  paying_subscriptions: number;
  statuses: StatusCounts;
};

/** What follows from the movements of a day and of those before it. */
const numbers = [
  'mrr',
  'trial_mrr',
  'new',
  'expansion',
  'contraction',
  'churn',
  'reactivation',
  'paying_customers',
  'paying_or_trying_customers',
  'all_paying_customers',
  'all_paying_or_trying_customers',
  'paying_subscriptions',
  'statuses',
] satisfies (keyof StoredDay)[];
const columns = ['currency', ...numbers].join(', ');

export type ReadDay = RevenueDay & { computedAt: Date };

/** PostgreSQL has no year 0, in which the day before the first one lies. */
const known = (day: string) => (day < '0001-01-01' ? '-infinity' : day);

/** The snapshots from a day to another, both included, the oldest first: of one currency, where it is given. */
export async function readSnapshots(
  { em }: { em: EntityManager },
  { projectId, environment }: Side,
  { from, to, currency = null }: { from: string; to: string; currency?: string | null },
): Promise<ReadDay[]> {
  const rows = await runStatement<StoredDay & { computed: number }>(
    em,
    `select day::text, ${columns}, extract(epoch from computed_at)::float8 * 1000 as computed from analytics_snapshot
     where project_id = $1 and environment = $2 and day between $3::date and $4::date and ($5::text is null or currency = $5)
     order by day, currency`,
    [projectId, environment, known(from), known(to), currency],
  );
  return rows.map(({ computed, ...row }) => ({ ...dayOf(row), computedAt: new Date(computed) }));
}

/** Writes days down, in place of what was said of them before. */
export async function writeSnapshots(
  { em }: { em: EntityManager },
  { projectId, environment }: Side,
  days: StoredDay[],
): Promise<void> {
  await runStatement(
    em,
    `insert into analytics_snapshot (project_id, environment, day, ${columns}, computed_at)
     select $1, $2, day, ${columns}, statement_timestamp() from json_populate_recordset(null::analytics_snapshot, $3)
     on conflict (project_id, environment, day, currency) do update set
       ${[...numbers, 'computed_at'].map((column) => `${column} = excluded.${column}`).join(', ')}`,
    [projectId, environment, JSON.stringify(days)],
  );
}

export const rowOf = ({ day, currency, changes, everyone, ...standing }: RevenueDay): StoredDay => ({
  day,
  currency,
  mrr: textOf(standing.mrr),
  trial_mrr: textOf(standing.trialMrr),
  new: textOf(changes.NEW),
  expansion: textOf(changes.EXPANSION),
  contraction: textOf(changes.CONTRACTION),
  churn: textOf(changes.CHURN),
  reactivation: textOf(changes.REACTIVATION),
  paying_customers: standing.payingCustomers,
  paying_or_trying_customers: standing.payingOrTryingCustomers,
  all_paying_customers: everyone.payingCustomers,
  all_paying_or_trying_customers: everyone.payingOrTryingCustomers,
  paying_subscriptions: standing.payingSubscriptions,
  statuses: standing.statuses,
});

const noStatuses = nothing().statuses;

function dayOf(row: StoredDay): RevenueDay {
  const changes: Changes = {
    NEW: fractionIn(row.new),
    EXPANSION: fractionIn(row.expansion),
    CONTRACTION: fractionIn(row.contraction),
    CHURN: fractionIn(row.churn),
    REACTIVATION: fractionIn(row.reactivation),
  };
  return {
    day: row.day,
    currency: row.currency,
    changes,
    mrr: fractionIn(row.mrr),
    trialMrr: fractionIn(row.trial_mrr),
    payingCustomers: row.paying_customers,
    payingOrTryingCustomers: row.paying_or_trying_customers,
    payingSubscriptions: row.paying_subscriptions,
    // In the order of ours: PostgreSQL keeps the keys of JSON in its own.
    statuses: { ...noStatuses, ...row.statuses },
    everyone: {
      payingCustomers: row.all_paying_customers,
      payingOrTryingCustomers: row.all_paying_or_trying_customers,
    },
  };
}

/** For as long as a transaction lasts, nobody else makes snapshots of a side: what is computed later is written later. */
export async function lockSnapshots(em: EntityManager, { projectId, environment }: Side): Promise<void> {
  await runStatement(em, `select pg_advisory_xact_lock(hashtextextended($1, 0))`, [
    `analytics_snapshot/${projectId}/${environment}`,
  ]);
}
