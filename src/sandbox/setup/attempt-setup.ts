import type { Stored } from '../objects.ts';
import { type Decline, declineOf } from '../payment-methods/test-cards.ts';
import { requireAction, setupNeedsAuthentication } from '../payments/three-d-secure.ts';
import type { AccountTransaction } from '../store/account-transaction.ts';

type SetupIntent = Stored<'setup_intent'>;
type Method = Stored<'payment_method'>;

/**
 * Tries to make a payment method ready for later. Answers how it was declined, if it was; otherwise the intent has `succeeded`, or waits for
 * 3-D Secure in `requires_action`.
 */
export function attemptSetup(
  tx: AccountTransaction,
  intent: SetupIntent,
  method: Method,
  { authenticated, returnUrl }: { authenticated?: boolean; returnUrl?: string } = {},
): Decline | undefined {
  tx.update(intent, { next_action: null, payment_method: method.id });
  const isCard = method.type === 'card';
  if (isCard && !authenticated && setupNeedsAuthentication(method)) {
    requireAction(tx, intent, returnUrl);
    tx.emit('setup_intent.requires_action', intent);
    return undefined;
  }
  const decline = isCard ? declineOf(method._sandbox.number, 'setup') : undefined;
  if (decline) return failSetup(tx, intent, method, decline);
  tx.update(method, { _sandbox: { ...method._sandbox, isSetUp: true } });
  tx.update(intent, { last_setup_error: null, payment_method: method.id, status: 'succeeded' });
  tx.emit('setup_intent.succeeded', intent);
  return undefined;
}

/** The payment method cannot be used later; another one can be tried. */
export function failSetup(tx: AccountTransaction, intent: SetupIntent, method: Method, decline: Decline): Decline {
  const last_setup_error = { type: 'card_error', ...decline, payment_method: method };
  tx.update(intent, {
    last_setup_error: last_setup_error as SetupIntent['last_setup_error'],
    next_action: null,
    payment_method: null,
    status: 'requires_payment_method',
  });
  tx.emit('setup_intent.setup_failed', intent);
  return decline;
}
