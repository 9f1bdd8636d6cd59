import type { Stored } from '../objects.ts';
import { type Decline, testCard } from '../payment-methods/test-cards.ts';
import type { AccountTransaction } from '../store/account-transaction.ts';

/** How far the payer takes part in a payment. */
export interface Presence {
  /** The payer is away and cannot authenticate. */
  offSession?: boolean;
  /** The payer did authenticate. */
  authenticated?: boolean;
  /** Where the payer goes after the bank's page. */
  returnUrl?: string;
}

export const authenticationRequired: Decline = {
  code: 'authentication_required',
  decline_code: 'authentication_required',
  message: 'Your card was declined. This transaction requires authentication.',
};

type Method = Stored<'payment_method'>;

/** Where a payment or a session says whether 3-D Secure is wanted. */
interface Requested {
  payment_method_options: { card?: { request_three_d_secure?: string | null } } | null;
}

/** Whether the bank wants to see the payer before it pays. */
export function needsAuthentication(
  method: Method,
  { payment_method_options }: Requested,
  { authenticated, offSession }: Presence,
): boolean {
  if (authenticated) return false;
  const { number, isSetUp } = method._sandbox;
  switch (testCard(number).authentication) {
    case 'always':
      return true;
    case 'until_set_up':
      return !isSetUp;
    case 'on_session':
      return !offSession;
    case 'if_requested':
      return payment_method_options?.card?.request_three_d_secure !== 'automatic' && !offSession;
    default:
      return false;
  }
}

/** Whether the bank wants to see the payer before the card is saved. */
export function setupNeedsAuthentication({ _sandbox }: Method): boolean {
  const { authentication } = testCard(_sandbox.number);
  return authentication === 'always' || (authentication === 'until_set_up' && !_sandbox.isSetUp);
}

/** Sends the payer to the bank's page: the sandbox's stand-in for it. */
export function requireAction<I extends Stored<'payment_intent'> | Stored<'setup_intent'>>(
  tx: AccountTransaction,
  intent: I,
  returnUrl?: string,
): void {
  const url = `${tx.publicUrl}/3d-secure/${intent.id}`;
  const next_action = returnUrl
    ? { type: 'redirect_to_url', redirect_to_url: { return_url: returnUrl, url } }
    : { type: 'use_stripe_sdk', use_stripe_sdk: { source: '', stripe_js: url, type: 'three_d_secure_redirect' } };
  tx.update<Stored<'payment_intent'> | Stored<'setup_intent'>>(intent, {
    last_payment_error: null,
    next_action,
    status: 'requires_action',
  } as Partial<Stored<'payment_intent'>>);
}
