import type Stripe from 'stripe';
import { invalidRequest } from '../wire/api-error.ts';
import { operation } from '../wire/operation.ts';
import { oneOf, text } from '../wire/parameter-kinds.ts';
import { type Every, hash, missingParameter, required } from '../wire/parameters.ts';

const day = 86_400;

const parameters = {
  cancel: hash({ identifier: text({ max: 100 }) }),
  event_name: required(text({ max: 100 })),
  type: required(oneOf('cancel')),
} satisfies Every<Stripe.Billing.MeterEventAdjustmentCreateParams>;

/** Takes a meter event back, within a day of it. */
export const createMeterEventAdjustment = operation(parameters, async (tx, { cancel, event_name }) => {
  const identifier = cancel?.identifier;
  if (!identifier) throw missingParameter('cancel[identifier]');
  const event = await tx.refer('billing.meter_event', `${event_name} ${identifier}`, 'cancel[identifier]');
  if (event.created < tx.now - day) {
    throw invalidRequest('A meter event can only be canceled within 24 hours.', 'cancel[identifier]');
  }
  tx.update(event, { canceled: true });
  return {
    object: 'billing.meter_event_adjustment',
    cancel: { identifier },
    event_name,
    livemode: false,
    status: 'complete',
    type: 'cancel',
  } satisfies Stripe.Billing.MeterEventAdjustment;
});
