import type { Stored } from '../objects.ts';
import type { AccountTransaction } from '../store/account-transaction.ts';
import { resourceMissing } from '../wire/api-error.ts';
import { cardOfToken } from './card-tokens.ts';
import { newCard } from './new-card.ts';

/** Adds a card for one of Stripe's ready-made tokens (`tok_visa`, `pm_card_visa`); refuses others as unknown. */
export function cardFromToken(
  tx: AccountTransaction,
  token: string,
  param: string,
  billing: Partial<Stored<'payment_method'>['billing_details']> = {},
  metadata: Record<string, string> = {},
  id?: string,
): Stored<'payment_method'> {
  const number = cardOfToken(token);
  if (!number) throw resourceMissing(token.startsWith('pm_') ? 'PaymentMethod' : 'token', token, param, 400);
  const exp_year = new Date(tx.now * 1_000).getUTCFullYear() + 1;
  return newCard(tx, { number, exp_month: 12, exp_year, cvc: '123' }, billing, metadata, id);
}
