import type { Stored } from '../objects.ts';
import type { AccountTransaction } from '../store/account-transaction.ts';
import { newCharge } from './new-charge.ts';
import { type Decline, declineOf } from './test-cards.ts';

/** Tries to take a payment from a payment method. Answers how the card refused, if it did; the payment can then be tried again. */
export function pay(
  tx: AccountTransaction,
  intent: Stored<'payment_intent'>,
  method: Stored<'payment_method'>,
): Decline | undefined {
  const decline = declineOf(method._sandbox.number, 'charge');
  const charge = newCharge(tx, intent, method, decline);
  if (decline) {
    const last_payment_error = { type: 'card_error', ...decline, charge: charge.id, payment_method: method };
    tx.update(intent, {
      last_payment_error: last_payment_error as typeof intent.last_payment_error,
      latest_charge: charge.id,
      payment_method: null,
      status: 'requires_payment_method',
    });
    tx.emit('payment_intent.payment_failed', intent);
    return decline;
  }
  tx.update(intent, {
    amount_received: intent.amount,
    last_payment_error: null,
    latest_charge: charge.id,
    payment_method: method.id,
    status: 'succeeded',
  });
  tx.emit('payment_intent.succeeded', intent);
  return undefined;
}
