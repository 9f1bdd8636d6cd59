import type { AccountTransaction } from '../store/account-transaction.ts';
import { followInvoice } from '../subscriptions/follow-invoice.ts';

/** The due date of a sent invoice has passed. */
export async function becomeOverdue(tx: AccountTransaction, id: string): Promise<void> {
  const invoice = await tx.find('invoice', id);
  if (invoice?.status !== 'open') return;
  tx.emit('invoice.overdue', invoice);
  await followInvoice(tx, invoice);
}
