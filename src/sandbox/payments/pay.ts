import type { Stored } from '../objects.ts';
import type { Decline } from '../payment-methods/test-cards.ts';
import type { AccountTransaction } from '../store/account-transaction.ts';
import { attemptPayment } from './attempt-payment.ts';
import { authenticationRequired, type Presence } from './three-d-secure.ts';

/**
 * Tries to take a payment that somebody waits for, such as an invoice's. Answers why it is not paid, if it is not: declined, or waiting for 3-D Secure
 * (the intent is then in `requires_action`). A bank debit answers nothing yet: the intent is in `processing`.
 */
export async function pay(
  tx: AccountTransaction,
  intent: Stored<'payment_intent'>,
  method: Stored<'payment_method'>,
  presence?: Presence,
): Promise<Decline | undefined> {
  const decline = await attemptPayment(tx, intent, method, presence);
  return decline ?? (intent.status === 'requires_action' ? authenticationRequired : undefined);
}
