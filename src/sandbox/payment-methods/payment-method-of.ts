import type { Stored } from '../objects.ts';
import type { AccountTransaction } from '../store/account-transaction.ts';
import { cardFromToken } from './card-from-token.ts';
import { cardOfToken } from './card-tokens.ts';

/** The payment method that the parameter `param` names: one of the account, or a new card for one of Stripe's `pm_card_…`. */
export async function paymentMethodOf(
  tx: AccountTransaction,
  id: string,
  param: string,
): Promise<Stored<'payment_method'>> {
  if (id.startsWith('pm_card_') && cardOfToken(id)) return cardFromToken(tx, id, param);
  return tx.refer('payment_method', id, param);
}
