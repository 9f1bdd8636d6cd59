import type Stripe from 'stripe';
import type { Stored } from '../objects.ts';
import { attachPaymentMethod } from '../payment-methods/attach-payment-method.ts';
import { newPaymentMethod } from '../payment-methods/new-payment-method.ts';
import { paymentMethodOf } from '../payment-methods/payment-method-of.ts';
import type { Decline } from '../payment-methods/test-cards.ts';
import type { AccountTransaction } from '../store/account-transaction.ts';
import { ApiError, invalidRequest } from '../wire/api-error.ts';
import { operation } from '../wire/operation.ts';
import { type Every, notModelled, type Values } from '../wire/parameters.ts';
import { attemptPayment, failPayment } from './attempt-payment.ts';
import { followPayment } from './follow-payment.ts';
import { methodTypes, paymentConfirmation, paymentParameters } from './intent-parameters.ts';
import { intentPatch } from './intent-patch.ts';
import { refuseUnexpectedState } from './intent-state.ts';
import { authenticationRequired } from './three-d-secure.ts';
import { refuseUnfitMethod } from './unfit-method.ts';

type Intent = Stored<'payment_intent'>;
type Confirmation = Partial<Values<typeof paymentConfirmation>>;

const { capture_method, receipt_email, setup_future_usage, shipping } = paymentParameters;
const parameters = {
  ...paymentConfirmation,
  capture_method,
  receipt_email,
  setup_future_usage,
  shipping,
  allowed_payment_method_types: methodTypes,
  ...notModelled('amount_details', 'amount_to_confirm', 'excluded_payment_method_types', 'hooks', 'payment_details'),
} satisfies Every<Stripe.PaymentIntentConfirmParams>;

export const confirmPaymentIntent = operation(parameters, async (tx, input, id) => {
  const intent = await tx.get('payment_intent', id!, 'intent');
  refuseUnexpectedState(intent, 'confirm', ['requires_payment_method', 'requires_confirmation', 'requires_action']);
  const { payment_method, payment_method_data, mandate_data, off_session, return_url, use_stripe_sdk, ...rest } = input;
  const { error_on_requires_action, ...given } = rest;
  tx.update(intent, await intentPatch(tx, intent, given));
  const kept = intent.payment_method ? await tx.find('payment_method', intent.payment_method) : undefined;
  return confirmIntent(tx, intent, (await givenMethod(tx, input)) ?? kept, input);
});

/** The payment method that a request names or describes. */
export async function givenMethod(
  tx: AccountTransaction,
  { payment_method, payment_method_data }: Pick<Confirmation, 'payment_method' | 'payment_method_data'>,
): Promise<Stored<'payment_method'> | undefined> {
  if (payment_method && payment_method_data) {
    throw invalidRequest(
      'You may only specify one of these parameters: payment_method, payment_method_data.',
      'payment_method_data',
    );
  }
  if (payment_method_data) return newPaymentMethod(tx, payment_method_data, 'payment_method_data');
  return payment_method ? paymentMethodOf(tx, payment_method, 'payment_method') : undefined;
}

/** Tries the payment and does what hangs on it. A decline is an error answer that keeps the failed charge. */
export async function confirmIntent(
  tx: AccountTransaction,
  intent: Intent,
  method: Stored<'payment_method'> | undefined,
  { error_on_requires_action, off_session, return_url }: Confirmation,
): Promise<Intent> {
  if (!method) {
    const message =
      "You cannot confirm this PaymentIntent because it's missing a payment method. You can either update the PaymentIntent with a payment method and then confirm it again, or confirm it again directly with a payment method.";
    throw invalidRequest(message, undefined, 'payment_intent_unexpected_state');
  }
  refuseUnfitMethod(intent, method);
  const decline = await attemptPayment(tx, intent, method, { offSession: off_session, returnUrl: return_url });
  if (decline) throw await declined(tx, intent, method, decline);
  if (intent.status === 'requires_action' && error_on_requires_action) {
    throw await declined(tx, intent, method, failPayment(tx, intent, method, authenticationRequired));
  }
  if (intent.status !== 'requires_action') await saveMethod(tx, intent, method);
  await followPayment(tx, intent);
  return intent;
}

async function declined(
  tx: AccountTransaction,
  intent: Intent,
  payment_method: Stored<'payment_method'>,
  decline: Decline,
): Promise<ApiError> {
  await followPayment(tx, intent);
  const charge = intent.latest_charge ?? undefined;
  return new ApiError(402, { type: 'card_error', ...decline, charge, payment_intent: intent, payment_method }, true);
}

/** A payment that is to be repeated keeps the payment method with its customer. */
export async function saveMethod(
  tx: AccountTransaction,
  intent: Intent,
  method: Stored<'payment_method'>,
): Promise<void> {
  if (!intent.setup_future_usage || !intent.customer || method.customer) return;
  attachPaymentMethod(tx, method, await tx.get('customer', intent.customer));
}
