import type Stripe from 'stripe';
import type { Stored } from '../objects.ts';
import { attachPaymentMethod } from '../payment-methods/attach-payment-method.ts';
import { givenMethod } from '../payments/confirm-payment-intent.ts';
import { confirmation, methodTypes } from '../payments/intent-parameters.ts';
import { refuseUnexpectedState } from '../payments/intent-state.ts';
import { refuseUnfitMethod } from '../payments/unfit-method.ts';
import type { AccountTransaction } from '../store/account-transaction.ts';
import { ApiError, invalidRequest } from '../wire/api-error.ts';
import { operation } from '../wire/operation.ts';
import type { Every } from '../wire/parameters.ts';
import { attemptSetup } from './attempt-setup.ts';
import { setupPatch } from './setup-patch.ts';

type SetupIntent = Stored<'setup_intent'>;
type Method = Stored<'payment_method'>;

const parameters = {
  ...confirmation,
  allowed_payment_method_types: methodTypes,
} satisfies Every<Stripe.SetupIntentConfirmParams>;

export const confirmSetupIntent = operation(parameters, async (tx, input, id) => {
  const intent = await tx.get('setup_intent', id!, 'intent');
  refuseUnexpectedState(intent, 'confirm', ['requires_payment_method', 'requires_confirmation', 'requires_action']);
  const { allowed_payment_method_types } = input;
  if (allowed_payment_method_types) tx.update(intent, await setupPatch(tx, intent, { allowed_payment_method_types }));
  const kept = intent.payment_method ? await tx.find('payment_method', intent.payment_method) : undefined;
  return confirmSetup(tx, intent, (await givenMethod(tx, input)) ?? kept, input.return_url);
});

/** Tries the setup and saves the payment method with the intent's customer. A decline is an error answer that keeps the failure. */
export async function confirmSetup(
  tx: AccountTransaction,
  intent: SetupIntent,
  method: Method | undefined,
  returnUrl?: string,
): Promise<SetupIntent> {
  if (!method) {
    const message =
      "You cannot confirm this SetupIntent because it's missing a payment method. Update the SetupIntent with a payment method and then confirm it again.";
    throw invalidRequest(message, undefined, 'setup_intent_unexpected_state');
  }
  refuseUnfitMethod(intent, method);
  const decline = attemptSetup(tx, intent, method, { returnUrl });
  if (decline) {
    throw new ApiError(402, { type: 'card_error', ...decline, payment_method: method, setup_intent: intent }, true);
  }
  if (intent.status === 'succeeded') await saveSetUpMethod(tx, intent, method);
  return intent;
}

export async function saveSetUpMethod(tx: AccountTransaction, intent: SetupIntent, method: Method): Promise<void> {
  if (intent.customer) attachPaymentMethod(tx, method, await tx.get('customer', intent.customer));
}
