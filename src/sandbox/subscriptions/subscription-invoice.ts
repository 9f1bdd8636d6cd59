import type { InvoiceLine } from '../invoices/invoice-line.ts';
import { newInvoice } from '../invoices/new-invoice.ts';
import { pendingItems } from '../invoices/new-invoice-item.ts';
import type { Stored } from '../objects.ts';
import { discountsFor } from '../promotions/discount-lines.ts';
import type { AccountTransaction } from '../store/account-transaction.ts';

type Invoice = Stored<'invoice'>;
type Subscription = Stored<'subscription'>;

/** Drafts an invoice of a subscription, of `lines` and what waits for it, and makes it the latest one. */
export async function newSubscriptionInvoice(
  tx: AccountTransaction,
  subscription: Subscription,
  lines: InvoiceLine[],
  given: Pick<Invoice, 'billing_reason'> & Partial<Invoice>,
): Promise<Invoice> {
  const { id, collection_method, currency, customer: payer, days_until_due, metadata } = subscription;
  const customer = await tx.get('customer', payer);
  const items = await pendingItems(tx, payer, id);
  const invoice = newInvoice(
    tx,
    customer,
    lines,
    {
      collection_method,
      automatic_tax: automaticTax(subscription),
      currency,
      default_payment_method: null,
      parent: {
        quote_details: null,
        subscription_details: { metadata, subscription: id },
        type: 'subscription_details',
      },
      _sandbox: { daysUntilDue: days_until_due },
      ...given,
    },
    {
      items: items.filter((item) => item.currency === currency),
      discounts: await discountsFor(tx, customer, subscription),
    },
  );
  tx.update(subscription, { latest_invoice: invoice.id });
  return invoice;
}

function automaticTax({ automatic_tax: { enabled } }: Subscription): Invoice['automatic_tax'] {
  const none = { disabled_reason: null, enabled, provider: null };
  return enabled
    ? { ...none, liability: { type: 'self' }, status: 'complete' }
    : { ...none, liability: null, status: null };
}
