import type Stripe from 'stripe';
import type { AccountTransaction } from '../store/account-transaction.ts';
import { addIntervals } from '../subscriptions/billing-period.ts';
import { invalidRequest } from '../wire/api-error.ts';
import { operation } from '../wire/operation.ts';
import { timestamp } from '../wire/parameter-kinds.ts';
import { type Every, required } from '../wire/parameters.ts';
import { refuseWhileAdvancing } from './advancing-clock.ts';

const parameters = { frozen_time: required(timestamp) } satisfies Every<Stripe.TestHelpers.TestClockAdvanceParams>;

/** Sets a clock going. It is `ready` again when everything that was due by then has happened. */
export const advanceTestClock = operation(parameters, async (tx, { frozen_time: target }, id) => {
  const clock = await tx.get('test_helpers.test_clock', id!);
  refuseWhileAdvancing(clock);
  if (target <= clock.frozen_time) {
    throw invalidRequest(
      `A test clock only moves forward: ${target} is not after its time, ${clock.frozen_time}.`,
      'frozen_time',
    );
  }
  if (target > (await furthest(tx, clock.id, clock.frozen_time))) {
    const message =
      'A test clock can be advanced by at most two intervals of the shortest subscription under it at a time (two years where there is none). Advance it in steps.';
    throw invalidRequest(message, 'frozen_time');
  }
  tx.update(clock, { status: 'advancing', status_details: { advancing: { target_frozen_time: target } } });
  tx.wakesTimers = true;
  tx.emit('test_helpers.test_clock.advancing', clock);
  return clock;
});

async function furthest(tx: AccountTransaction, clock: string, now: number): Promise<number> {
  const subscriptions = await tx.all('subscription', { test_clock: clock });
  const items = subscriptions.filter(({ ended_at }) => !ended_at).flatMap(({ items }) => items.data);
  const recurring = items.map(({ price }) => price.recurring!);
  const limits = recurring.map((interval) => addIntervals(now, interval, 2));
  return Math.min(addIntervals(now, { interval: 'year', interval_count: 2 }), ...limits);
}
