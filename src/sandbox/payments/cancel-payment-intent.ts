import type Stripe from 'stripe';
import type { Stored } from '../objects.ts';
import { newRefund } from '../refunds/new-refund.ts';
import type { AccountTransaction } from '../store/account-transaction.ts';
import { invalidRequest } from '../wire/api-error.ts';
import { operation } from '../wire/operation.ts';
import { oneOf } from '../wire/parameter-kinds.ts';
import type { Every } from '../wire/parameters.ts';
import { followPayment } from './follow-payment.ts';
import { refuseUnexpectedState } from './intent-state.ts';

type Intent = Stored<'payment_intent'>;

const parameters = {
  cancellation_reason: oneOf('abandoned', 'duplicate', 'fraudulent', 'requested_by_customer'),
} satisfies Every<Stripe.PaymentIntentCancelParams>;

const cancelable = [
  'requires_payment_method',
  'requires_capture',
  'requires_confirmation',
  'requires_action',
  'processing',
] as const;

export const cancelPaymentIntent = operation(parameters, async (tx, input, id) => {
  const intent = await tx.get('payment_intent', id!, 'intent');
  refuseUnexpectedState(intent, 'cancel', cancelable);
  if (await openSessionOf(tx, intent)) {
    throw invalidRequest(
      'You cannot cancel this PaymentIntent because it was created by Checkout. Expire the Checkout Session instead.',
    );
  }
  await cancelPayment(tx, intent, input.cancellation_reason ?? null);
  await followPayment(tx, intent);
  return intent;
});

/** Ends a payment that was not made; what was held goes back to the payer. */
export async function cancelPayment(tx: AccountTransaction, intent: Intent, reason: Intent['cancellation_reason']) {
  if (intent.status === 'requires_capture') {
    const charge = await tx.get('charge', intent.latest_charge!);
    newRefund(tx, charge, { amount: charge.amount });
  }
  tx.update(intent, {
    amount_capturable: 0,
    canceled_at: tx.now,
    cancellation_reason: reason,
    next_action: null,
    status: 'canceled',
  });
  tx.schedule('payment_intent.settle', intent.id, null);
  tx.emit('payment_intent.canceled', intent);
}

async function openSessionOf(tx: AccountTransaction, { id }: Intent) {
  const [session] = await tx.all('checkout.session', { '_sandbox.order.intent': id, status: 'open' });
  return session;
}
