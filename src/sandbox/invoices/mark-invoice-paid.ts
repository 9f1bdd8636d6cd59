import type { Stored } from '../objects.ts';
import type { AccountTransaction } from '../store/account-transaction.ts';
import { followInvoice } from '../subscriptions/follow-invoice.ts';
import { cancelOpenPayment, markPaymentPaid, newInvoicePayment, openPayment } from './invoice-payment.ts';

type Invoice = Stored<'invoice'>;

/** Open → paid: by a payment that succeeded, out of band, or by none where nothing was due. */
export async function markInvoicePaid(
  tx: AccountTransaction,
  invoice: Invoice,
  payment: Stored<'payment_intent'> | 'out_of_band' | undefined,
): Promise<void> {
  if (payment) {
    const open = await openPayment(tx, invoice);
    const isByIt = open !== undefined && payment !== 'out_of_band' && open.payment.id === payment.id;
    if (open && !isByIt) await cancelOpenPayment(tx, invoice);
    const link = isByIt ? open.link : newInvoicePayment(tx, invoice, payment);
    markPaymentPaid(tx, invoice, link, invoice.amount_due);
  }
  const isCharged = payment !== undefined && payment !== 'out_of_band';
  tx.update(invoice, {
    amount_paid: invoice.amount_due,
    amount_remaining: 0,
    attempt_count: isCharged ? invoice.attempt_count + 1 : invoice.attempt_count,
    attempted: true,
    auto_advance: false,
    next_payment_attempt: null,
    status: 'paid',
    status_transitions: { ...invoice.status_transitions, paid_at: tx.now },
  });
  tx.schedule('invoice.retry', invoice.id, null);
  tx.schedule('invoice.overdue', invoice.id, null);
  tx.emit('invoice.paid', invoice);
  if (payment !== 'out_of_band') tx.emit('invoice.payment_succeeded', invoice);
  await followInvoice(tx, invoice, isCharged ? payment.payment_method : null);
}
