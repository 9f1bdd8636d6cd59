import type { Stored } from '../objects.ts';
import type { AccountTransaction } from '../store/account-transaction.ts';

/** Draft → open: the invoice gets its number and stands. */
export function finalizeInvoice(tx: AccountTransaction, invoice: Stored<'invoice'>, customer: Stored<'customer'>) {
  const sequence = customer.next_invoice_sequence ?? 1;
  tx.update(customer, { next_invoice_sequence: sequence + 1 });
  tx.update(invoice, {
    effective_at: tx.now,
    ending_balance: 0,
    number: `${customer.invoice_prefix}-${String(sequence).padStart(4, '0')}`,
    status: 'open',
    status_transitions: { ...invoice.status_transitions, finalized_at: tx.now },
  });
  tx.emit('invoice.finalized', invoice);
}
