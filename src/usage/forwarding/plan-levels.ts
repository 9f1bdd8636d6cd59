import type { EntityManager } from '@mikro-orm/core';
import { runStatement } from '../../database/run-statement.ts';
import { newId } from '../../ids.ts';
import { NotYet } from '../../lanes/lane-kind.ts';
import { billedPeriods } from '../totals/billed-periods.ts';
import { billingPeriod } from '../totals/billing-period.ts';
import { usedBetween } from '../totals/used-between.ts';
import { isSame } from './decimals.ts';
import type { Message, Pair, WaitingRow } from './message.ts';

/** The end of a period is left free, in seconds: what is corrected is told with a later time of the same period. */
const roomAtEnd = 3_600;
/** How far ahead of our clock an event may be sent, in seconds: Stripe takes five minutes, and its clock is another. */
const furthestAhead = 240;
/** How far back, a little less than Stripe takes. */
const furthestBack = 35 * 86_400 - 600;

type Level = {
  now: number;
  starts: number;
  ends: number;
  /** What we know to be used in the period. */
  value: string;
  /** The latest that Stripe was told of it. */
  at: number | null;
  told: string | null;
  identifier: string | null;
  state: string | null;
};

/**
 * The periods in which it was used: that of now, the next, or one before. Of those before, the ones that Stripe has billed are known; others
 * are as long as that of now, back to the earliest second that is asked for, and end where a known one begins. (Months are of
 * different lengths: a few more than divide that time.)
 * $1 customer, $2 Stripe's meter, $3 meter, $4 seconds.
 */
const levels = `
  with period as materialized (
    select starts at time zone 'UTC' as starts, ends at time zone 'UTC' as ends
    from (${billingPeriod({ customer: '$1', stripeMeterId: '$2' })}) current
  ), around as (
    select (starts + nth * age(ends, starts)) at time zone 'UTC' as starts,
      case nth when 0 then ends else starts + (nth + 1) * age(ends, starts) end at time zone 'UTC' as ends
    from period cross join generate_series(
      -2 - ceil(1.2 * greatest(0, extract(epoch from (starts at time zone 'UTC') - (select min(to_timestamp(second)) from unnest($4::float8[]) second))
        / extract(epoch from ends - starts)))::int, 1) nth
  ), billed as materialized (
    ${billedPeriods({ customer: '$1', stripeMeterId: '$2', before: `(select starts at time zone 'UTC' from period)` })}
  ), p as materialized (
    select distinct coalesce(known.starts, greatest(guess.starts, (select max(ends) from billed where ends <= used.at))) as starts,
      coalesce(known.ends, least(guess.ends, (select min(starts) from billed where starts > used.at))) as ends
    from (select to_timestamp(second) as at from unnest($4::float8[]) second) used
    join around guess on guess.starts <= used.at and guess.ends > used.at
    left join lateral (
      select * from billed where starts <= used.at and ends > used.at order by starts desc, ends limit 1
    ) known on true
  )
  select extract(epoch from now())::float8 as now, extract(epoch from p.starts)::float8 as starts,
    extract(epoch from p.ends)::float8 as ends,
    trim_scale(${usedBetween('meter.aggregation', { customer: '$1', meter: '$3', from: 'p.starts', to: 'p.ends' })})::text as value,
    extract(epoch from last.stripe_at)::float8 as at, last.stripe_value as told, last.stripe_identifier as identifier, last.state
  from p join meter on meter.id = $3
  left join lateral (
    select * from usage_forwarding f where f.customer_id = $1 and f.meter_id = $3 and f.stripe_at >= p.starts and f.stripe_at < p.ends
    order by f.stripe_at desc limit 1
  ) last on true`;

/**
 * What a meter is to be told that bills the last value of a period: the value that the period of each row has now, once for all of its
 * rows. Stripe keeps the value with the latest time, so each is told with a later time than the one before, within the period
 * that it belongs to: also a late event, and a value that went down since an event was voided.
 * @throws NotYet where a value changes so often that the times run ahead of the clock.
 */
export async function planLevels(
  { em }: { em: EntityManager },
  { customerId, meterId, stripeMeterId }: Pair,
  waiting: WaitingRow[],
): Promise<Message[]> {
  const rows = waiting.filter(({ state }) => state === 'PENDING');
  if (!rows.length) return [];
  const seconds = [...new Set(rows.map(({ occurredAt }) => occurredAt))];
  const periods = await runStatement<Level>(em, levels, [customerId, stripeMeterId, meterId, seconds]);
  const messages = periods.map((period): Message => {
    const ofPeriod = rows.filter(({ occurredAt }) => occurredAt >= period.starts && occurredAt < period.ends);
    const { value, at, told, identifier, state } = period;
    if (state === 'COUNTED' && isSame(value, told!))
      return { identifier: identifier!, at: at!, value, rows: ofPeriod, isKnown: true };
    return { identifier: newId('ufw'), at: laterTime(period, ofPeriod), value, rows: ofPeriod };
  });
  const due = messages.filter(({ at }) => at <= periods[0]!.now + furthestAhead);
  if (messages.length && !due.length) throw new NotYet(1_000);
  return due;
}

/** Within the period, later than what Stripe was told, and of these the nearest to when it was used. */
function laterTime({ now, ends, at }: Level, rows: WaitingRow[]): number {
  const used = Math.max(...rows.map(({ occurredAt }) => occurredAt));
  const wanted = Math.max(Math.min(used, ends - roomAtEnd), Math.ceil(now) - furthestBack);
  return Math.min(Math.max(wanted, (at ?? 0) + 1), ends - 1);
}
