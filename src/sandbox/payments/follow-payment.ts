import { sessionPaymentChanged } from '../checkout/session-payment-changed.ts';
import { invoicePaymentChanged } from '../invoices/invoice-payment-changed.ts';
import type { Stored } from '../objects.ts';
import type { AccountTransaction } from '../store/account-transaction.ts';

/** Tells who waits for a payment that it came to an end, or failed: an invoice, or a checkout that was left unpaid. */
export async function followPayment(tx: AccountTransaction, intent: Stored<'payment_intent'>): Promise<void> {
  await invoicePaymentChanged(tx, intent);
  await sessionPaymentChanged(tx, intent);
}
