import { applyToBalance } from '../billing/apply-to-balance.ts';
import type { Stored } from '../objects.ts';
import { newPaymentIntent } from '../payments/new-payment-intent.ts';
import { endSpentDiscounts } from '../promotions/end-discount.ts';
import type { AccountTransaction } from '../store/account-transaction.ts';
import { newInvoicePayment } from './invoice-payment.ts';
import { markInvoicePaid } from './mark-invoice-paid.ts';

type Invoice = Stored<'invoice'>;

const day = 86_400;

/**
 * Draft → open: the invoice gets its number and stands, and a payment waits for what is due. Where nothing is, or `payment` took it
 * already, it is paid at once.
 */
export async function finalizeInvoice(
  tx: AccountTransaction,
  invoice: Invoice,
  customer: Stored<'customer'>,
  payment?: Stored<'payment_intent'>,
): Promise<void> {
  const sequence = customer.next_invoice_sequence ?? 1;
  tx.update(customer, { next_invoice_sequence: sequence + 1 });
  const days = invoice.collection_method === 'send_invoice' && !invoice.due_date ? daysUntilDue(invoice) : undefined;
  tx.update(invoice, {
    ...applyToBalance(tx, customer, invoice),
    automatically_finalizes_at: null,
    due_date: days === undefined ? invoice.due_date : tx.now + days * day,
    effective_at: invoice.effective_at ?? tx.now,
    hosted_invoice_url: `${tx.publicUrl}/i/${invoice.id}`,
    invoice_pdf: `${tx.publicUrl}/i/${invoice.id}/pdf`,
    number: invoice.number ?? `${customer.invoice_prefix}-${String(sequence).padStart(4, '0')}`,
    status: 'open',
    status_transitions: { ...invoice.status_transitions, finalized_at: tx.now },
  });
  tx.schedule('invoice.finalize', invoice.id, null);
  tx.schedule('invoice.overdue', invoice.id, invoice.due_date);
  const isPaid = payment !== undefined || invoice.amount_due === 0;
  if (!isPaid) awaitPayment(tx, invoice, customer);
  tx.emit('invoice.finalized', invoice);
  await endSpentDiscounts(tx, invoice);
  if (isPaid) await markInvoicePaid(tx, invoice, payment);
}

/** The days that a draft remembers in place of the date: until it is finalised, nobody knows that. */
function daysUntilDue({ _sandbox }: Invoice): number {
  return _sandbox.daysUntilDue ?? 30;
}

function awaitPayment(tx: AccountTransaction, invoice: Invoice, customer: Stored<'customer'>): void {
  const isOfSubscription = Boolean(invoice.parent?.subscription_details);
  const payment = newPaymentIntent(tx, {
    amount: invoice.amount_due,
    currency: invoice.currency,
    customer: customer.id,
    description: description(invoice),
    ...(isOfSubscription && { setup_future_usage: 'off_session' as const }),
  });
  newInvoicePayment(tx, invoice, payment);
  tx.update(invoice, { confirmation_secret: { client_secret: payment.client_secret!, type: 'payment_intent' } });
}

function description({ billing_reason }: Invoice): string {
  if (billing_reason === 'subscription_create') return 'Subscription creation';
  return billing_reason?.startsWith('subscription') ? 'Subscription update' : 'Payment for Invoice';
}
