import type { AccountTransaction } from '../store/account-transaction.ts';
import { collectInvoice } from './collect-invoice.ts';

/** The next attempt of the dunning schedule. */
export async function retryPayment(tx: AccountTransaction, id: string): Promise<void> {
  const invoice = await tx.find('invoice', id);
  if (invoice?.status === 'open' && invoice.auto_advance) await collectInvoice(tx, invoice);
}
