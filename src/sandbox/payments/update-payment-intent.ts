import type Stripe from 'stripe';
import { operation } from '../wire/operation.ts';
import { currency } from '../wire/parameter-kinds.ts';
import type { Every } from '../wire/parameters.ts';
import { refuseOddAmount } from './chargeable-amount.ts';
import { givenMethod } from './confirm-payment-intent.ts';
import { amount, confirmation, intentParameters, paymentParameters } from './intent-parameters.ts';
import { intentPatch } from './intent-patch.ts';
import { refuseUnexpectedState } from './intent-state.ts';
import { refuseUnfitMethod } from './unfit-method.ts';

const { automatic_payment_methods, ...intentUpdate } = intentParameters;
const { payment_method, payment_method_data, payment_method_options } = confirmation;
const parameters = {
  ...intentUpdate,
  ...paymentParameters,
  amount,
  currency,
  payment_method,
  payment_method_data,
  payment_method_options,
} satisfies Every<Stripe.PaymentIntentUpdateParams & { payment_method_types: string[] }>;

/** After a payment was confirmed, only what describes it can change. */
export const updatePaymentIntent = operation(parameters, async (tx, input, id) => {
  const intent = await tx.get('payment_intent', id!, 'intent');
  const { payment_method, payment_method_data, ...given } = input;
  if (Object.keys(input).some((name) => !descriptive.has(name))) {
    refuseUnexpectedState(intent, 'update', ['requires_payment_method', 'requires_confirmation', 'requires_action']);
  }
  if (input.amount !== undefined) refuseOddAmount(input.amount, input.currency ?? intent.currency);
  const patch = await intentPatch(tx, intent, given);
  tx.update(intent, patch);
  const method = await givenMethod(tx, { payment_method, payment_method_data });
  if (!method) return intent;
  refuseUnfitMethod(intent, method);
  tx.update(intent, { next_action: null, payment_method: method.id, status: 'requires_confirmation' });
  return intent;
});

const descriptive = new Set(['description', 'metadata', 'receipt_email', 'transfer_group']);
