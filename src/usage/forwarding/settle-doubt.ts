import type { EntityManager } from '@mikro-orm/core';
import type Stripe from 'stripe';
import { runStatement } from '../../database/run-statement.ts';
import { TryLater } from '../../lanes/lane-kind.ts';
import { isStripeTrouble } from '../../stripe/stripe-trouble.ts';
import type { Message, Pair, Verdict } from './message.ts';

/** Stripe keeps identifiers for a day at least. After so many seconds it may count a second time what it counted. */
const forgottenAfter = 23 * 3_600;

/** In seconds: the finest window that Stripe tells the usage of. */
const minute = 60;

/** Whether nobody knew Stripe's answer for so long that the same question may be counted twice. */
export const isForgotten = ({ rows }: Message) => rows[0]!.askedAgo! > forgottenAfter;

/**
 * Finds out what Stripe counted of what it was asked long ago, by what it has summed up for the minutes of it: what we know to be
 * counted there, or that and the first so many of those in doubt, which were asked in this order. Where neither is so, since somebody else
 * reports usage to the meter as well, they have failed, and people decide. A period's value is told anew instead: telling it
 * twice does no harm.
 */
export async function settleDoubt(
  { em, stripe }: { em: EntityManager; stripe: Stripe },
  pair: Pair,
  messages: Message[],
): Promise<Verdict[]> {
  if (pair.stripeFormula === 'last') return messages.map((message) => ({ message, is: 'not done' }));
  const minutes = [...Map.groupBy(messages, ({ at }) => Math.floor(at / minute) * minute)];
  const verdicts = minutes.map(async ([start, ofMinute]): Promise<Verdict[]> => {
    const window = { start, end: start + minute };
    const [inStripe, known] = [await summedUp(stripe, pair, window), await countedIn({ em }, pair, window)];
    const sums = [known];
    for (const message of ofMinute) sums.push(sums.at(-1)! + effectOf(pair, message));
    const fitting = sums.flatMap((sum, count) => (inStripe !== null && isNear(sum, inStripe) ? [count] : []));
    if (fitting.length !== 1) return ofMinute.map((message) => ({ message, is: 'refused', ...unknown }));
    return ofMinute.map((message, index) => ({ message, is: index < fitting[0]! ? 'counted' : 'not done' }));
  });
  return (await Promise.all(verdicts)).flat();
}

const unknown = {
  code: 'unknown_whether_counted',
  reason:
    'For more than a day nobody knew whether Stripe counted this, and its summary of that minute does not tell. Compare the usage of the customer in Stripe, and send it again where it is missing there.',
  isCertain: true,
};

/** Of a message: what it adds to what Stripe sums up. */
function effectOf({ stripeFormula }: Pair, { value, cancels }: Message): number {
  if (stripeFormula === 'sum') return Number(value);
  return cancels ? -1 : 1;
}

/** Stripe tells a double: as near as its digits. */
const isNear = (one: number, other: number) => Math.abs(one - other) <= 1e-9 * Math.max(1, Math.abs(one));

type Window = { start: number; end: number };

/** @returns null where Stripe knows the customer or the meter no more. */
async function summedUp(stripe: Stripe, { stripeMeterId, stripeCustomerId }: Pair, { start, end }: Window) {
  try {
    const { data } = await stripe.billing.meters.listEventSummaries(stripeMeterId!, {
      customer: stripeCustomerId!,
      start_time: start,
      end_time: end,
    });
    return data.reduce((sum, { aggregated_value }) => sum + aggregated_value, 0);
  } catch (failure) {
    if (isStripeTrouble(failure)) throw new TryLater(`Stripe: ${(failure as Error).message}`, { cause: failure });
    return null;
  }
}

/** What we know Stripe to have counted in a window. A cancellation has no value. */
async function countedIn(
  { em }: { em: EntityManager },
  { customerId, meterId, stripeFormula }: Pair,
  { start, end }: Window,
): Promise<number> {
  const effect = stripeFormula === 'sum' ? 'stripe_value' : 'case when stripe_value is null then -1 else 1 end';
  const [row] = await runStatement<{ sum: number }>(
    em,
    `select coalesce(sum(effect), 0)::float8 as sum from (
       select distinct on (stripe_identifier) ${effect} as effect from usage_forwarding
       where customer_id = $1 and meter_id = $2 and stripe_at >= to_timestamp($3) and stripe_at < to_timestamp($4) and state = 'COUNTED'
     ) as counted`,
    [customerId, meterId, start, end],
  );
  return row!.sum;
}
