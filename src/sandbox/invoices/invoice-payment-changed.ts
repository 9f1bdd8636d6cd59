import type { Stored } from '../objects.ts';
import type { AccountTransaction } from '../store/account-transaction.ts';
import { recordFailure } from './collect-invoice.ts';
import { markInvoicePaid } from './mark-invoice-paid.ts';

/** A payment came to an end, or failed, by itself or by its payer: if an invoice waits for it, that one is paid, or not. */
export async function invoicePaymentChanged(tx: AccountTransaction, payment: Stored<'payment_intent'>): Promise<void> {
  const [link] = await tx.all('invoice_payment', { 'payment.payment_intent': payment.id, status: 'open' });
  const invoice = link && (await tx.find('invoice', link.invoice));
  if (invoice?.status !== 'open' && invoice?.status !== 'uncollectible') return;
  if (payment.status === 'succeeded') await markInvoicePaid(tx, invoice, payment);
  else if (payment.status === 'requires_payment_method') await recordFailure(tx, invoice, payment);
}
