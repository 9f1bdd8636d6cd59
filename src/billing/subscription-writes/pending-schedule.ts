import type Stripe from 'stripe';
import { conflict } from '../../errors.ts';
import type { StripeOptions } from '../../operations/operation.ts';
import { isStripeTrouble } from '../../stripe/stripe-trouble.ts';
import type { FoundSubscription } from './find-subscription.ts';

/**
 * Stripe's schedule that holds the pending change of a subscription, or has just made it; null where there is none.
 * @throws Refusal CONFLICT where the subscription is under a schedule that we did not make.
 */
export function scheduleOf({ stripeScheduleId = null, pendingChanges }: FoundSubscription): string | null {
  if (stripeScheduleId === null) return null;
  const [pending] = pendingChanges.getItems();
  if (pending?.stripeScheduleId === stripeScheduleId) return stripeScheduleId;
  throw conflict(
    'This subscription is under a schedule that was made in Stripe. Change it there, or release it from its schedule first.',
    'subscriptionId',
  );
}

/** Takes a subscription out of its schedule: it stays as it is now. Where an earlier try did it, or the schedule has ended, that is it. */
export async function releaseSchedule(stripe: Stripe, id: string, { idempotencyKey }: StripeOptions): Promise<void> {
  const options = { idempotencyKey: `${idempotencyKey}/release/${id}`, maxNetworkRetries: 0 };
  await stripe.subscriptionSchedules.release(id, {}, options).catch(async (failure) => {
    if (isStripeTrouble(failure)) throw failure;
    const { status } = await stripe.subscriptionSchedules.retrieve(id);
    if (status === 'active' || status === 'not_started') throw failure;
  });
}
