import type Stripe from 'stripe';
import { refuseUnexpectedState } from '../payments/intent-state.ts';
import { operation } from '../wire/operation.ts';
import { oneOf } from '../wire/parameter-kinds.ts';
import type { Every } from '../wire/parameters.ts';

const parameters = {
  cancellation_reason: oneOf('abandoned', 'duplicate', 'requested_by_customer'),
} satisfies Every<Stripe.SetupIntentCancelParams>;

export const cancelSetupIntent = operation(parameters, async (tx, input, id) => {
  const intent = await tx.get('setup_intent', id!, 'intent');
  refuseUnexpectedState(intent, 'cancel', ['requires_payment_method', 'requires_confirmation', 'requires_action']);
  tx.update(intent, {
    cancellation_reason: input.cancellation_reason ?? null,
    next_action: null,
    status: 'canceled',
  });
  tx.emit('setup_intent.canceled', intent);
  return intent;
});
