import type Stripe from 'stripe';
import { operation } from '../wire/operation.ts';
import { boolean, currency, oneOf } from '../wire/parameter-kinds.ts';
import { type Every, required } from '../wire/parameters.ts';
import { refuseOddAmount } from './chargeable-amount.ts';
import { confirmIntent, givenMethod } from './confirm-payment-intent.ts';
import { amount, intentParameters, paymentConfirmation, paymentParameters } from './intent-parameters.ts';
import { intentPatch } from './intent-patch.ts';
import { newPaymentIntent } from './new-payment-intent.ts';
import { refuseConfirmationOnly, refuseUnfitMethod } from './unfit-method.ts';

const parameters = {
  ...intentParameters,
  ...paymentParameters,
  ...paymentConfirmation,
  amount: required(amount),
  confirm: boolean,
  confirmation_method: oneOf('automatic', 'manual'),
  currency: required(currency),
} satisfies Every<Stripe.PaymentIntentCreateParams & { payment_method_types: string[] }>;

export const createPaymentIntent = operation(parameters, async (tx, input) => {
  const { confirm, payment_method, payment_method_data, ...rest } = input;
  const { error_on_requires_action, mandate_data, off_session, return_url, use_stripe_sdk, ...given } = rest;
  if (!confirm) refuseConfirmationOnly({ error_on_requires_action, mandate_data, off_session, return_url });
  refuseOddAmount(input.amount, input.currency);
  const patch = await intentPatch(tx, undefined, given);
  const method = await givenMethod(tx, input);
  const automatic = { automatic_payment_methods: { allow_redirects: 'always' as const, enabled: true } };
  const intent = newPaymentIntent(tx, {
    ...(!patch.payment_method_types && automatic),
    ...patch,
    amount: input.amount,
    currency: input.currency,
    payment_method: method?.id ?? null,
    status: method ? 'requires_confirmation' : 'requires_payment_method',
  });
  if (method) refuseUnfitMethod(intent, method);
  return confirm ? confirmIntent(tx, intent, method, input) : intent;
});
