import type Stripe from 'stripe';
import { givenMethod } from '../payments/confirm-payment-intent.ts';
import { confirmation, intentParameters } from '../payments/intent-parameters.ts';
import { refuseUnexpectedState } from '../payments/intent-state.ts';
import { refuseUnfitMethod } from '../payments/unfit-method.ts';
import { operation } from '../wire/operation.ts';
import { type Every, notModelled } from '../wire/parameters.ts';
import { setupPatch } from './setup-patch.ts';

const { automatic_payment_methods, ...common } = intentParameters;
const { payment_method, payment_method_data, payment_method_options } = confirmation;
const parameters = {
  ...common,
  payment_method,
  payment_method_data,
  payment_method_options,
  ...notModelled('attach_to_self', 'flow_directions'),
} satisfies Every<Stripe.SetupIntentUpdateParams & { payment_method_types: string[] }>;

const open = ['requires_payment_method', 'requires_confirmation', 'requires_action'] as const;

export const updateSetupIntent = operation(parameters, async (tx, input, id) => {
  const intent = await tx.get('setup_intent', id!, 'intent');
  if (Object.keys(input).some((name) => name !== 'description' && name !== 'metadata')) {
    refuseUnexpectedState(intent, 'update', open);
  }
  tx.update(intent, await setupPatch(tx, intent, input));
  const method = await givenMethod(tx, input);
  if (!method) return intent;
  refuseUnfitMethod(intent, method);
  tx.update(intent, { next_action: null, payment_method: method.id, status: 'requires_confirmation' });
  return intent;
});
