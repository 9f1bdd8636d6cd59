import type { Stored } from '../objects.ts';
import type { Decline } from '../payment-methods/test-cards.ts';
import type { AccountTransaction } from '../store/account-transaction.ts';
import { collectInvoice } from './collect-invoice.ts';
import { finalizeInvoice } from './finalize-invoice.ts';

/** Makes a draft stand, and charges or sends it at once. Answers why the charge failed, if it did. */
export async function finalizeAndCollect(
  tx: AccountTransaction,
  invoice: Stored<'invoice'>,
): Promise<Decline | undefined> {
  await finalizeInvoice(tx, invoice, await tx.get('customer', invoice.customer!));
  if (invoice.status !== 'open') return undefined;
  if (invoice.collection_method === 'charge_automatically') return collectInvoice(tx, invoice);
  tx.emit('invoice.sent', invoice);
  return undefined;
}
