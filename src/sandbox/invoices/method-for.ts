import type { Stored } from '../objects.ts';
import type { AccountTransaction } from '../store/account-transaction.ts';

/** The payment method that an invoice is charged to: its own, its subscription's, or its customer's default. */
export async function methodFor(tx: AccountTransaction, invoice: Stored<'invoice'>) {
  const subscription = invoice.parent?.subscription_details?.subscription;
  const owner = subscription ? await tx.find('subscription', subscription) : undefined;
  const customer = await tx.find('customer', invoice.customer!);
  const id = invoice.default_payment_method ?? owner?.default_payment_method ?? (customer && defaultMethodOf(customer));
  return id ? tx.find('payment_method', id) : undefined;
}

export function defaultMethodOf(customer: Stored<'customer'>): string | null {
  return customer.invoice_settings.default_payment_method ?? customer.default_source;
}
