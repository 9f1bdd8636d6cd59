import type { Stored } from '../objects.ts';
import type { AccountTransaction } from '../store/account-transaction.ts';
import { invalidRequest } from '../wire/api-error.ts';

/** Gives `price` the key; where another price has it, that one loses it if `transfer` says so, and otherwise it is refused. */
export async function claimLookupKey(tx: AccountTransaction, price: Stored<'price'>, key: string, transfer = false) {
  const [holder] = await tx.all('price', { lookup_key: [key] });
  if (holder && holder.id !== price.id) {
    if (!transfer) {
      const message = `A price (\`${holder.id}\`) already uses that lookup key.`;
      throw invalidRequest(message, 'lookup_key', 'resource_already_exists');
    }
    tx.emit('price.updated', holder, tx.update(holder, { lookup_key: null }));
  }
  return tx.update(price, { lookup_key: key });
}
