import { newId } from '../ids.ts';
import type { Stored } from '../objects.ts';
import type { AccountTransaction } from '../store/account-transaction.ts';

type Invoice = Stored<'invoice'>;
type InvoicePayment = Stored<'invoice_payment'>;

/** Adds the link of an invoice to the payment that is to pay it. */
export function newInvoicePayment(
  tx: AccountTransaction,
  invoice: Invoice,
  payment: Stored<'payment_intent'> | 'out_of_band',
): InvoicePayment {
  const made = tx.add<InvoicePayment>({
    id: newId('inpay_1'),
    object: 'invoice_payment',
    amount_paid: null,
    amount_requested: invoice.amount_due,
    created: tx.now,
    currency: invoice.currency,
    invoice: invoice.id,
    is_default: payment !== 'out_of_band',
    livemode: false,
    payment:
      payment === 'out_of_band'
        ? { payment_record: newId('pr_1'), type: 'payment_record' }
        : { payment_intent: payment.id, type: 'payment_intent' },
    status: 'open',
    status_transitions: { canceled_at: null, paid_at: null },
  });
  keep(tx, invoice, made);
  return made;
}

/** The payment that waits to pay an invoice, with its link. */
export async function openPayment(tx: AccountTransaction, invoice: Invoice) {
  const [link] = await tx.all('invoice_payment', { invoice: invoice.id, status: 'open' });
  const payment = link?.payment.payment_intent && (await tx.find('payment_intent', link.payment.payment_intent));
  return link && payment ? { link, payment } : undefined;
}

export function markPaymentPaid(tx: AccountTransaction, invoice: Invoice, link: InvoicePayment, amount: number): void {
  tx.update(link, {
    amount_paid: amount,
    status: 'paid',
    status_transitions: { ...link.status_transitions, paid_at: tx.now },
  });
  keep(tx, invoice, link);
  tx.emit('invoice_payment.paid', link);
}

/** Takes back the payment that waited: nobody is to pay the invoice by it any more. */
export async function cancelOpenPayment(tx: AccountTransaction, invoice: Invoice): Promise<void> {
  const open = await openPayment(tx, invoice);
  if (!open) return;
  const { link, payment } = open;
  tx.update(link, {
    status: 'canceled',
    status_transitions: { ...link.status_transitions, canceled_at: tx.now },
  });
  keep(tx, invoice, link);
  if (payment.status === 'succeeded' || payment.status === 'canceled') return;
  tx.update(payment, {
    canceled_at: tx.now,
    cancellation_reason: 'void_invoice',
    next_action: null,
    status: 'canceled',
  });
  tx.emit('payment_intent.canceled', payment);
}

/** Shows the link on the invoice, in place of what it was. */
function keep(tx: AccountTransaction, invoice: Invoice, link: InvoicePayment): void {
  const others = invoice.payments!.data.filter(({ id }) => id !== link.id);
  tx.update(invoice, { payments: { ...invoice.payments!, data: [...others, link] } });
}
