import type Stripe from 'stripe';
import { TryLater } from '../../lanes/lane-kind.ts';
import { isStripeTrouble } from '../../stripe/stripe-trouble.ts';
import { certainlyNotDone } from '../../stripe/translate-stripe-failure.ts';
import type { Message, Pair, Verdict } from './message.ts';

/** Stripe has certainly not counted it, and may later. */
export class NotCounted extends TryLater {
  override name = 'NotCounted';
}

/**
 * Sends one event to Stripe's meter. No idempotency key stands for it, since Stripe would repeat a 500 under it for a day: the event's
 * identifier makes it count once.
 * @throws NotCounted; or TryLater, where it may have been counted: the same is asked again.
 */
export async function sendMessage(stripe: Stripe, pair: Pair, message: Message): Promise<Verdict> {
  const { identifier, at, value, cancels } = message;
  const { stripeEventName: event_name, customerPayloadKey, valuePayloadKey, stripeCustomerId } = pair;
  try {
    if (cancels)
      await stripe.billing.meterEventAdjustments.create({
        event_name,
        type: 'cancel',
        cancel: { identifier: cancels },
      });
    else
      await stripe.billing.meterEvents.create({
        event_name,
        identifier,
        timestamp: at,
        payload: { [customerPayloadKey]: stripeCustomerId!, [valuePayloadKey]: value },
      });
    return { message, is: 'counted' };
  } catch (failure) {
    if (isDuplicate(failure)) return { message, is: 'counted' };
    const { message: reason, code = cancels ? 'cannot_be_canceled' : 'invalid_request' } =
      failure as Stripe.errors.StripeError;
    const isTrouble = isStripeTrouble(failure);
    const askedBefore = message.rows[0]!.state === 'ASKED';
    if (certainlyNotDone(failure, { askedBefore })) {
      if (isTrouble || code === clocksDiffer) throw new NotCounted(`Stripe: ${reason}`, { cause: failure });
      return { message, is: 'refused', code, reason, isCertain: !askedBefore };
    }
    if (isTrouble) throw new TryLater(`Stripe: ${reason}`, { cause: failure });
    throw failure;
  }
}

/** Our clock is ahead of Stripe's: in a moment it is not too early any more. */
const clocksDiffer = 'timestamp_in_future';

/** Stripe has counted an event of this identifier: an earlier try of ours, since nobody else knows it. */
function isDuplicate(failure: unknown): boolean {
  const { code, message } = failure as { code?: string; message?: string };
  return code === 'duplicate_meter_event' || /event already exists with identifier/i.test(message ?? '');
}
