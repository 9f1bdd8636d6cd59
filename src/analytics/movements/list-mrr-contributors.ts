import type { EntityManager } from '@mikro-orm/core';
import Fraction from 'fraction.js';
import type { SubscriptionStatus } from '../../billing/subscriptions/subscription-status.ts';
import { runStatement } from '../../database/run-statement.ts';
import type { Connection } from '../../graphql/connection.ts';
import { cursorOf, isBounded, type PageArgs, type Place, pageOf } from '../../reader/page.ts';
import type { Side } from '../../tenancy/teams/side.ts';
import { definitions } from '../metrics/definitions.ts';
import { fractionOf, textOf } from '../metrics/exact.ts';
import { moneyMetric } from '../metrics/metrics.ts';
import type { MovementType } from '../revenue/movement-types.ts';
import type { MrrContributorType } from './mrr-contributor.type.ts';

type Movement = {
  id: string;
  type: MovementType | null;
  numerator: string;
  denominator: string;
  trialNumerator: string;
  trialDenominator: string;
  statusBefore: SubscriptionStatus | null;
  statusAfter: SubscriptionStatus;
  /** Seconds. */
  occurredAt: number;
  recordedAt: number;
};
type Row = { subscriptionId: string; customerId: string; at: string; movements: Movement[] };

/** What is asked for: an instant, a currency, and whether those in a trial are meant too. */
export type Contributing = { asOf: Date; currency: string; trials: boolean };

const before = `m.project_id = $1 and m.environment = $2 and m.currency = $3 and m.occurred_at < $4::timestamptz`;

/**
 * Whether movements add up to more than nothing. Whether a subscription pays is a number that its movements raise and lower; what a trial
 * comes to is a sum of fractions, of which PostgreSQL divides each to a whole number here: what is cut off adds up to less than one for each.
 */
const contributes = `
  sum(case when m.type in ('NEW', 'REACTIVATION') then 1 when m.type = 'CHURN' then -1 else 0 end) > 0
  or ($5 and abs(sum(m.trial_numerator * 1e40 / m.trial_denominator)) > count(*))`;

/**
 * The subscriptions that recurring revenue at an instant is the sum of, each with all that its part follows from, by one statement.
 * In the order of their ids, which is that of their age.
 */
export async function listMrrContributors(
  { em }: { em: EntityManager },
  { projectId, environment }: Side,
  { asOf, currency, trials }: Contributing,
  args: PageArgs,
): Promise<Connection<MrrContributorType>> {
  const { size, backwards, after, before: until } = pageOf(args);
  const asked = [projectId, environment, currency, asOf.toISOString(), trials];
  const rows = await runStatement<Row>(
    em,
    `select s.subscription_id as "subscriptionId", s.customer_id as "customerId", s.changed_at::text as at, own.movements
     from subscription_revenue s
     cross join lateral (
       select json_agg(json_build_object('id', m.id, 'type', m.type, 'numerator', m.numerator::text, 'denominator', m.denominator::text,
         'trialNumerator', m.trial_numerator::text, 'trialDenominator', m.trial_denominator::text, 'statusBefore', m.status_before,
         'statusAfter', m.status_after, 'occurredAt', extract(epoch from m.occurred_at), 'recordedAt', extract(epoch from m.recorded_at))
         order by m.ordinal) as movements
       from revenue_movement m where m.subscription_id = s.subscription_id and ${before} having ${contributes}
     ) own
     where s.project_id = $1 and s.environment = $2 and s.subscription_id > $6 and ($7::text is null or s.subscription_id < $7)
     order by s.subscription_id ${backwards ? 'desc' : 'asc'} limit $8`,
    [...asked, isBounded(after) ? after.id : '', isBounded(until) ? until.id : null, size + 1],
  );
  const page = rows.slice(0, size);
  if (backwards) page.reverse();
  const edges = page.map((row) => ({
    cursor: cursorOf(placeOf(row)),
    node: view(row, { asOf, currency }),
  }));
  const more = rows.length > size;
  return {
    edges,
    nodes: edges.map(({ node }) => node),
    pageInfo: {
      hasNextPage: backwards ? isBounded(until) : more,
      hasPreviousPage: backwards ? more : isBounded(after),
      startCursor: edges[0]?.cursor ?? null,
      endCursor: edges.at(-1)?.cursor ?? null,
    },
    totalCount: onDemand(() => count(em, asked)),
  };
}

const placeOf = ({ at, subscriptionId }: Row): Place => ({ createdAt: at, id: subscriptionId });

/** graphql-js calls it where the field is asked for. */
const onDemand = <Value>(read: () => Promise<Value>) => read as unknown as Value;

async function count(em: EntityManager, asked: unknown[]): Promise<number> {
  const [row] = await runStatement<{ count: number }>(
    em,
    `select count(*)::int from (select from revenue_movement m where ${before} group by m.subscription_id having ${contributes}) c`,
    asked,
  );
  return row!.count;
}

const sumOf = (parts: Fraction[]) => parts.reduce((sum, part) => sum.add(part), new Fraction(0));

function view(
  { subscriptionId, customerId, movements }: Row,
  of: Pick<Contributing, 'asOf' | 'currency'>,
): MrrContributorType {
  const parts = movements.map(({ numerator, denominator }) => fractionOf(numerator, denominator));
  const trials = movements.map((movement) => fractionOf(movement.trialNumerator, movement.trialDenominator));
  return {
    subscriptionId,
    customerId,
    status: movements.at(-1)!.statusAfter,
    mrr: moneyMetric(sumOf(parts), { ...of, definition: definitions.mrr }),
    trialMrr: moneyMetric(sumOf(trials), { ...of, definition: definitions.trialMrr }),
    movements: movements.map(({ id, type, statusBefore, statusAfter, occurredAt, recordedAt }, at) => ({
      id,
      type,
      exact: textOf(parts[at]!),
      trialExact: textOf(trials[at]!),
      statusBefore,
      statusAfter,
      occurredAt: new Date(occurredAt * 1_000),
      recordedAt: new Date(recordedAt * 1_000),
    })),
  };
}
