import type { Stored } from '../objects.ts';
import { ApiError } from '../wire/api-error.ts';

type Intent = Stored<'payment_intent'> | Stored<'setup_intent'>;

/** Refuses what an intent cannot do in its state, with the intent in the answer, as Stripe does. */
export function refuseUnexpectedState<I extends Intent>(
  intent: I,
  action: string,
  states: readonly I['status'][],
): void {
  if (states.includes(intent.status)) return;
  const name = intent.object === 'payment_intent' ? 'PaymentIntent' : 'SetupIntent';
  const message =
    action === 'confirm' && intent.status === 'succeeded'
      ? `You cannot confirm this ${name} because it has already succeeded after being previously confirmed.`
      : `You cannot ${action} this ${name} because it has a status of ${intent.status}. Only a ${name} with one of the following statuses may be ${participles[action] ?? action}: ${states.join(', ')}.`;
  const code = intent.object === 'payment_intent' ? 'payment_intent_unexpected_state' : 'setup_intent_unexpected_state';
  throw new ApiError(400, { type: 'invalid_request_error', code, message, [intent.object]: intent });
}

const participles: Record<string, string> = {
  cancel: 'canceled',
  capture: 'captured',
  confirm: 'confirmed',
  update: 'updated',
};
