import type Stripe from 'stripe';
import type { Stored } from '../objects.ts';
import type { AccountTransaction } from '../store/account-transaction.ts';
import { announceChange } from '../subscriptions/announce-subscription.ts';
import { endSubscription } from '../subscriptions/end-subscription.ts';
import { invalidRequest } from '../wire/api-error.ts';
import { operation } from '../wire/operation.ts';
import { boolean, page, text, timeRange } from '../wire/parameter-kinds.ts';
import { type Every, notModelled } from '../wire/parameters.ts';

type Schedule = Stored<'subscription_schedule'>;

const releaseParameters = { preserve_cancel_date: boolean } satisfies Every<Stripe.SubscriptionScheduleReleaseParams>;

/** Lets a subscription go from its schedule: it stays as it is now. */
export const releaseSchedule = operation(releaseParameters, async (tx, _input, id) => {
  const schedule = await tx.get('subscription_schedule', id!);
  refuseUnlessLive(schedule, 'release');
  await release(tx, schedule);
  return schedule;
});

/** The last phase has ended. */
export async function endSchedule(tx: AccountTransaction, id: string): Promise<void> {
  const schedule = await tx.find('subscription_schedule', id);
  if (schedule?.status !== 'active') return;
  if (schedule.end_behavior !== 'cancel') return release(tx, schedule);
  const subscription = await tx.get('subscription', schedule.subscription!);
  if (!subscription.ended_at) await endSubscription(tx, subscription, 'cancellation_requested');
}

async function release(tx: AccountTransaction, schedule: Schedule): Promise<void> {
  const subscription = await tx.get('subscription', schedule.subscription!);
  const before = structuredClone(subscription);
  tx.update(schedule, {
    current_phase: null,
    released_at: tx.now,
    released_subscription: subscription.id,
    status: 'released',
    subscription: null,
  });
  tx.schedule('subscription_schedule.end', schedule.id, null);
  tx.update(subscription, { schedule: null });
  tx.emit('subscription_schedule.released', schedule);
  await announceChange(tx, subscription, before);
}

const listParameters = {
  ...page,
  created: timeRange,
  customer: text(),
  ...notModelled('canceled_at', 'completed_at', 'customer_account', 'released_at', 'scheduled'),
} satisfies Every<Stripe.SubscriptionScheduleListParams>;

export const listSchedules = operation(listParameters, (tx, input) =>
  tx.list('subscription_schedule', '/v1/subscription_schedules', input, { customer: input.customer }),
);

export function refuseUnlessLive({ status }: Schedule, what: 'release' | 'update'): void {
  if (status === 'active' || status === 'not_started') return;
  throw invalidRequest(
    `You cannot ${what} a subscription schedule that is currently in the \`${status}\` status. Only subscription schedules with one of the following statuses can be ${what}d: \`active\`, \`not_started\`.`,
  );
}
