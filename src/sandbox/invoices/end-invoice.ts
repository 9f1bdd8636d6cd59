import { newBalanceTransaction } from '../billing/new-balance-transaction.ts';
import type { Stored } from '../objects.ts';
import type { AccountTransaction } from '../store/account-transaction.ts';
import { cancelOpenPayment } from './invoice-payment.ts';

type Invoice = Stored<'invoice'>;

/** Takes an invoice back, as if it had never been: what it took from the customer's balance returns. */
export async function voidInvoice(tx: AccountTransaction, invoice: Invoice): Promise<void> {
  await cancelOpenPayment(tx, invoice);
  const customer = await tx.find('customer', invoice.customer!);
  const applied = invoice.starting_balance - (invoice.ending_balance ?? invoice.starting_balance);
  if (customer && applied !== 0) {
    const { id, currency } = invoice;
    newBalanceTransaction(tx, customer, { amount: applied, currency, invoice: id, type: 'unapplied_from_invoice' });
  }
  stop(tx, invoice);
  tx.update(invoice, {
    status: 'void',
    status_transitions: { ...invoice.status_transitions, voided_at: tx.now },
  });
  tx.emit('invoice.voided', invoice);
}

/** Gives up on an invoice; it can still be paid. */
export async function markUncollectible(tx: AccountTransaction, invoice: Invoice): Promise<void> {
  stop(tx, invoice);
  tx.update(invoice, {
    status: 'uncollectible',
    status_transitions: { ...invoice.status_transitions, marked_uncollectible_at: tx.now },
  });
  tx.emit('invoice.marked_uncollectible', invoice);
}

/** Nothing happens to the invoice by itself any more. */
export function stop(tx: AccountTransaction, invoice: Invoice): void {
  tx.update(invoice, { auto_advance: false, automatically_finalizes_at: null, next_payment_attempt: null });
  for (const action of ['invoice.finalize', 'invoice.overdue', 'invoice.retry'] as const) {
    tx.schedule(action, invoice.id, null);
  }
}
