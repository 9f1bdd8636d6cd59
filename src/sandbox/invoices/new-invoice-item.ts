import { newId } from '../ids.ts';
import type { Stored } from '../objects.ts';
import type { AccountTransaction } from '../store/account-transaction.ts';

type InvoiceItem = Stored<'invoiceitem'>;

/** Adds something to be billed by the customer's next invoice, and says so by `invoiceitem.created`. */
export function newInvoiceItem(
  tx: AccountTransaction,
  customer: Stored<'customer'>,
  given: Pick<InvoiceItem, 'amount' | 'currency'> & Partial<InvoiceItem>,
): InvoiceItem {
  const quantity = given.quantity ?? 1;
  const item = tx.add<InvoiceItem>({
    id: newId('ii_1'),
    object: 'invoiceitem',
    customer: customer.id,
    customer_account: null,
    date: tx.now,
    description: null,
    discountable: true,
    discounts: [],
    invoice: null,
    livemode: false,
    metadata: {},
    net_amount: given.amount,
    parent: null,
    period: { start: tx.now, end: tx.now },
    pricing: null,
    proration: false,
    quantity,
    quantity_decimal: String(quantity),
    tax_rates: [],
    test_clock: customer.test_clock ?? null,
    ...given,
  });
  tx.emit('invoiceitem.created', item);
  return item;
}

/** An item that belongs to a subscription, and to one of its items where that is told. */
export function itemOf(subscription: string, subscription_item?: string): InvoiceItem['parent'] {
  return {
    subscription_details: { subscription, ...(subscription_item && { subscription_item }) },
    type: 'subscription_details',
  };
}

/** What waits for an invoice: of the subscription and of none, or, where no subscription is told, of none. */
export async function pendingItems(tx: AccountTransaction, customer: string, subscription?: string) {
  const items = await tx.all('invoiceitem', { customer, invoice: { missing: true } });
  const waiting = items.filter(({ parent }) => {
    const owner = parent?.subscription_details?.subscription;
    return owner === undefined || owner === subscription;
  });
  return waiting.reverse();
}
