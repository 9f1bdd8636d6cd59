import type { Stored } from '../objects.ts';
import { newBankDebit, sepaDebit } from '../payment-methods/new-bank-debit.ts';
import { newCard } from '../payment-methods/new-card.ts';
import { declineOf } from '../payment-methods/test-cards.ts';
import { needsAuthentication, setupNeedsAuthentication } from '../payments/three-d-secure.ts';
import type { AccountTransaction } from '../store/account-transaction.ts';
import type { Payer } from './payer.ts';

type Method = Stored<'payment_method'>;

/** The payment method that the payer chose or typed; none where none was asked for. */
export async function payersMethod(
  tx: AccountTransaction,
  session: Stored<'checkout.session'>,
  { address, card, email, iban, method, name, phone }: Payer,
): Promise<Method | undefined> {
  if (session.customer) await tx.get('customer', session.customer);
  if (method) return tx.get('payment_method', method);
  const billing = { address: address ?? null, email, name: name ?? null, phone: phone ?? null };
  if (iban) return newBankDebit(tx, iban, sepaDebit(tx, iban), billing, {});
  return card && newCard(tx, card, billing);
}

/** Whether the payer's bank will decline, or ask for 3-D Secure: then there is no customer yet. */
export function isObstructed(session: Stored<'checkout.session'>, method: Method, { authenticated }: Payer): boolean {
  if (method.type !== 'card') return false;
  const isDue = (session.amount_total ?? 0) > 0;
  if (declineOf(method._sandbox.number, isDue ? 'charge' : 'setup')) return true;
  if (authenticated) return false;
  return isDue ? needsAuthentication(method, session, {}) : setupNeedsAuthentication(method);
}
