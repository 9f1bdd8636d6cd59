import { completeSession } from '../checkout/complete-session.ts';
import type { Stored } from '../objects.ts';
import type { Decline } from '../payment-methods/test-cards.ts';
import type { AccountTransaction } from '../store/account-transaction.ts';
import { attemptSetup, failSetup } from './attempt-setup.ts';
import { saveSetUpMethod } from './confirm-setup-intent.ts';

const setupAuthenticationFailure: Decline = {
  code: 'setup_intent_authentication_failure',
  message: 'We are unable to authenticate your payment method. Please choose a different payment method and try again.',
};

/** The payer passed or failed at the bank's 3-D Secure page. Answers why the card is not set up, if it is not. */
export async function authenticateSetup(
  tx: AccountTransaction,
  intent: Stored<'setup_intent'>,
  session: Stored<'checkout.session'> | undefined,
  passed: boolean,
): Promise<Decline | undefined> {
  const method = await tx.get('payment_method', intent.payment_method!);
  if (!passed) return failSetup(tx, intent, method, setupAuthenticationFailure);
  if (session) return completeSession(tx, session, { ...session._sandbox.order.payer!, authenticated: true });
  const decline = attemptSetup(tx, intent, method, { authenticated: true });
  if (!decline) await saveSetUpMethod(tx, intent, method);
  return decline;
}
