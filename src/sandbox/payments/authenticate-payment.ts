import { completeSession } from '../checkout/complete-session.ts';
import type { Stored } from '../objects.ts';
import type { Decline } from '../payment-methods/test-cards.ts';
import type { AccountTransaction } from '../store/account-transaction.ts';
import { attemptPayment, failPayment } from './attempt-payment.ts';
import { saveMethod } from './confirm-payment-intent.ts';
import { followPayment } from './follow-payment.ts';

export const paymentAuthenticationFailure: Decline = {
  code: 'payment_intent_authentication_failure',
  message: 'We are unable to authenticate your payment method. Please choose a different payment method and try again.',
};

/** The payer passed or failed at the bank's 3-D Secure page. Answers why the payment did not come about, if it did not. */
export async function authenticatePayment(
  tx: AccountTransaction,
  intent: Stored<'payment_intent'>,
  session: Stored<'checkout.session'> | undefined,
  passed: boolean,
): Promise<Decline | undefined> {
  const method = await tx.get('payment_method', intent.payment_method!);
  if (passed && session) return completeSession(tx, session, { ...session._sandbox.order.payer!, authenticated: true });
  const decline = passed
    ? await attemptPayment(tx, intent, method, { authenticated: true })
    : failPayment(tx, intent, method, paymentAuthenticationFailure, null);
  if (!decline) await saveMethod(tx, intent, method);
  await followPayment(tx, intent);
  return decline;
}
