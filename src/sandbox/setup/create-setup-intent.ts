import type Stripe from 'stripe';
import { givenMethod } from '../payments/confirm-payment-intent.ts';
import { confirmation, intentParameters } from '../payments/intent-parameters.ts';
import { refuseConfirmationOnly, refuseUnfitMethod } from '../payments/unfit-method.ts';
import { operation } from '../wire/operation.ts';
import { boolean, oneOf } from '../wire/parameter-kinds.ts';
import { type Every, notModelled } from '../wire/parameters.ts';
import { confirmSetup } from './confirm-setup-intent.ts';
import { newSetupIntent } from './new-setup-intent.ts';
import { setupPatch } from './setup-patch.ts';

const parameters = {
  ...intentParameters,
  ...confirmation,
  confirm: boolean,
  usage: oneOf('off_session', 'on_session'),
  ...notModelled('attach_to_self', 'flow_directions', 'single_use'),
} satisfies Every<Stripe.SetupIntentCreateParams & { payment_method_types: string[] }>;

export const createSetupIntent = operation(parameters, async (tx, input) => {
  const { mandate_data, return_url } = input;
  if (!input.confirm) refuseConfirmationOnly({ mandate_data, return_url });
  const patch = await setupPatch(tx, undefined, input);
  const method = await givenMethod(tx, input);
  const automatic = { automatic_payment_methods: { allow_redirects: 'always' as const, enabled: true } };
  const intent = newSetupIntent(tx, {
    ...(!patch.payment_method_types && automatic),
    ...Object.fromEntries(Object.entries(patch).filter(([, value]) => value !== undefined)),
    payment_method: method?.id ?? null,
    status: method ? 'requires_confirmation' : 'requires_payment_method',
  });
  if (method) refuseUnfitMethod(intent, method);
  return input.confirm ? confirmSetup(tx, intent, method, return_url) : intent;
});
