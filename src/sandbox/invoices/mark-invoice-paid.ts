import { newId } from '../ids.ts';
import type { Stored } from '../objects.ts';
import type { AccountTransaction } from '../store/account-transaction.ts';

/** Open → paid, by a payment that succeeded, or by none where nothing was due. */
export function markInvoicePaid(
  tx: AccountTransaction,
  invoice: Stored<'invoice'>,
  payment: Stored<'payment_intent'> | undefined,
) {
  tx.update(invoice, {
    amount_paid: invoice.amount_due,
    amount_remaining: 0,
    attempt_count: payment ? invoice.attempt_count + 1 : invoice.attempt_count,
    attempted: true,
    auto_advance: false,
    next_payment_attempt: null,
    status: 'paid',
    status_transitions: { ...invoice.status_transitions, paid_at: tx.now },
  });
  if (payment) tx.emit('invoice_payment.paid', newInvoicePayment(tx, invoice, payment));
  tx.emit('invoice.paid', invoice);
  tx.emit('invoice.payment_succeeded', invoice);
}

function newInvoicePayment(tx: AccountTransaction, invoice: Stored<'invoice'>, payment: Stored<'payment_intent'>) {
  const made = tx.add<Stored<'invoice_payment'>>({
    id: newId('inpay_1'),
    object: 'invoice_payment',
    amount_paid: payment.amount_received,
    amount_requested: payment.amount,
    created: tx.now,
    currency: invoice.currency,
    invoice: invoice.id,
    is_default: true,
    livemode: false,
    payment: { payment_intent: payment.id, type: 'payment_intent' },
    status: 'paid',
    status_transitions: { canceled_at: null, paid_at: tx.now },
  });
  tx.update(invoice, { payments: { ...invoice.payments!, data: [...invoice.payments!.data, made] } });
  return made;
}
