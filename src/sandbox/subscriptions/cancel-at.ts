import type { Stored } from '../objects.ts';
import type { AccountTransaction } from '../store/account-transaction.ts';
import { invalidRequest } from '../wire/api-error.ts';
import { lastPeriodEnd, nextPeriodEnd } from './announce-subscription.ts';

type Subscription = Stored<'subscription'>;

interface CancelInput {
  cancel_at?: number | 'max_period_end' | 'min_period_end' | null;
  cancel_at_period_end?: boolean;
}

/** Sets a subscription to end at a time or with its period, or takes that back. */
export function cancelAt(
  tx: AccountTransaction,
  subscription: Subscription,
  { cancel_at, cancel_at_period_end }: CancelInput,
): void {
  if (cancel_at !== undefined && cancel_at_period_end !== undefined) {
    throw invalidRequest('You may only specify one of these parameters: cancel_at, cancel_at_period_end.', 'cancel_at');
  }
  if (subscription.schedule && (cancel_at ?? cancel_at_period_end) !== undefined) {
    throw invalidRequest(
      `The subscription is managed by the subscription schedule \`${subscription.schedule}\`, and updating any cancelation behavior directly is not allowed. Please update the schedule instead.`,
    );
  }
  const time = cancel_at_period_end
    ? 'max_period_end'
    : cancel_at_period_end === false
      ? takenBack(subscription)
      : cancel_at;
  if (time === undefined) return;
  if (typeof time === 'number' && time <= tx.now) {
    throw invalidRequest('`cancel_at` must be in the future.', 'cancel_at');
  }
  const ends = time === null || typeof time === 'number' ? time : periodEnd(subscription, time);
  tx.update(subscription, {
    cancel_at: ends,
    cancel_at_period_end: cancel_at_period_end ?? false,
    canceled_at: ends === null ? null : (subscription.canceled_at ?? tx.now),
    cancellation_details: {
      ...subscription.cancellation_details!,
      reason: ends === null ? null : 'cancellation_requested',
    },
  });
}

/** `cancel_at_period_end=false` leaves a `cancel_at` of its own alone. */
function takenBack({ cancel_at_period_end }: Subscription): null | undefined {
  return cancel_at_period_end ? null : undefined;
}

function periodEnd(subscription: Subscription, which: 'max_period_end' | 'min_period_end'): number {
  return which === 'max_period_end' ? lastPeriodEnd(subscription) : nextPeriodEnd(subscription);
}
