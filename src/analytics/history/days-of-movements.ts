import type { EntityManager } from '@mikro-orm/core';
import Fraction from 'fraction.js';
import { runStatement } from '../../database/run-statement.ts';
import type { Side } from '../../tenancy/teams/side.ts';
import { fractionOf } from '../metrics/exact.ts';
import { type Changes, netOf, noChanges } from '../metrics/metrics.ts';
import type { MovementType } from '../revenue/movement-types.ts';

/** Where a currency stood at the end of a day, exactly. */
export type Standing = { mrr: Fraction; trialMrr: Fraction; payingCustomers: number; payingSubscriptions: number };

/** A day (UTC) of one currency: what moved, and where it stood then. */
export type RevenueDay = Standing & { currency: string; day: string; changes: Changes };

type Moved = {
  currency: string;
  day: string;
  type: MovementType | null;
  numerator: string;
  denominator: string;
  trialNumerator: string;
  trialDenominator: string;
  movements: number;
};
type Payers = { currency: string; day: string; more: number };

/**
 * What moved on each day, and how many customers began or ceased to pay on it. A customer who moved paid before as many subscriptions as he
 * pays now, less what moved since; where all movements are read, he paid none before the first.
 */
const statement = (allIsRead: boolean) => `
  with moved as materialized (
    select currency, customer_id, type, numerator, denominator, trial_numerator, trial_denominator,
      case when occurred_at < $4::timestamptz then (occurred_at at time zone 'UTC')::date else 'infinity' end as day
    from revenue_movement
    where project_id = $1 and environment = $2 and occurred_at >= $3::timestamptz
  ), daily as (
    select customer_id, currency, day, sum(case when type = 'CHURN' then -1 else 1 end) as more
    from moved where type in ('NEW', 'REACTIVATION', 'CHURN') group by customer_id, currency, day
  ), paying as (
    select currency, day, more, ${
      allIsRead
        ? '0'
        : `(select count(*) from subscription_revenue r where r.project_id = $1 and r.environment = $2
             and r.customer_id = d.customer_id and r.currency = d.currency and r.mrr_numerator > 0)
           - sum(more) over (partition by customer_id, currency)`
    } + sum(more) over (partition by customer_id, currency order by day) as after
    from daily d
  )
  select json_build_object(
    'moved', (select coalesce(json_agg(m), '[]') from (
      select currency, day, type, sum(numerator)::text as numerator, denominator::text, sum(trial_numerator)::text as "trialNumerator",
        trial_denominator::text as "trialDenominator", count(*) as movements
      from moved where day <> 'infinity' group by currency, day, type, moved.denominator, moved.trial_denominator
    ) m),
    'payers', (select coalesce(json_agg(p), '[]') from (
      select currency, day, sum((after > 0)::int - (after - more > 0)::int) as more
      from paying where day <> 'infinity' group by currency, day
    ) p)
  ) as read`;

const oneDay = 86_400_000;

/**
 * Every day from the first that is asked for to the last, of each currency that ever moved, made from movements.
 * @param of.from the first day; the first one on which anything moved, where `since` is null.
 * @param of.to an instant: what moved at it or later is left out. The day that it lies in is the last.
 * @param of.since where each currency stood at the end of the day before `from`; null where all movements are to be read.
 */
export async function daysOfMovements(
  { em }: { em: EntityManager },
  { projectId, environment }: Side,
  of: { from: string; to: Date; since: Map<string, Standing> } | { from: null; to: Date; since: null },
): Promise<RevenueDay[]> {
  const [row] = await runStatement<{ read: { moved: Moved[]; payers: Payers[] } }>(em, statement(of.since === null), [
    projectId,
    environment,
    of.from ?? '-infinity',
    of.to.toISOString(),
  ]);
  const { moved, payers } = row!.read;
  const first = of.from ?? moved.map(({ day }) => day).sort()[0];
  if (first === undefined) return [];
  const days = daysBetween(first, of.to);
  const currencies = new Set([...(of.since?.keys() ?? []), ...moved.map(({ currency }) => currency)]);
  return [...currencies].sort().flatMap((currency) => {
    const movedOn = Map.groupBy(
      moved.filter((one) => one.currency === currency),
      ({ day }) => day,
    );
    const payersOn = new Map(payers.filter((one) => one.currency === currency).map(({ day, more }) => [day, more]));
    const known = of.since?.get(currency);
    // A currency's first day is that of its first movement, from wherever days are made.
    const own = known ? days : days.filter((day) => day >= [...movedOn.keys()].sort()[0]!);
    let standing = known ?? nothing();
    return own.map((day) => {
      const { changes, ...after } = move(standing, movedOn.get(day) ?? [], payersOn.get(day) ?? 0);
      standing = after;
      return { currency, day, changes, ...after };
    });
  });
}

export const nothing = (): Standing => ({
  mrr: new Fraction(0),
  trialMrr: new Fraction(0),
  payingCustomers: 0,
  payingSubscriptions: 0,
});

function move(before: Standing, moved: Moved[], morePayers: number): Standing & { changes: Changes } {
  const changes = noChanges();
  let { trialMrr, payingSubscriptions } = before;
  for (const { type, movements, ...of } of moved) {
    trialMrr = trialMrr.add(fractionOf(of.trialNumerator, of.trialDenominator));
    if (!type) continue;
    changes[type] = changes[type].add(fractionOf(of.numerator, of.denominator));
    if (type === 'CHURN') payingSubscriptions -= movements;
    if (type === 'NEW' || type === 'REACTIVATION') payingSubscriptions += movements;
  }
  const mrr = before.mrr.add(netOf(changes));
  return { mrr, trialMrr, payingSubscriptions, payingCustomers: before.payingCustomers + morePayers, changes };
}

/** Every day from the first to that in which the last moment before an instant lies. */
function daysBetween(first: string, to: Date): string[] {
  const days: string[] = [];
  for (let at = Date.parse(first); at < to.getTime(); at += oneDay) days.push(new Date(at).toISOString().slice(0, 10));
  return days;
}
