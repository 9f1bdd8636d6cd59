import { priceLabel } from '../catalog/price-label.ts';
import { type InvoiceLine, invoiceLine } from '../invoices/invoice-line.ts';
import { usageOf } from '../meters/usage-of.ts';
import type { Stored } from '../objects.ts';
import type { AccountTransaction } from '../store/account-transaction.ts';

type Subscription = Stored<'subscription'>;
export type SubscriptionItem = Subscription['items']['data'][number];
interface Period {
  start: number;
  end: number;
}

export const isMetered = (item: SubscriptionItem) => item.price.recurring?.usage_type === 'metered';

/** What an item costs for a period that begins, in advance; nothing in a trial. */
export async function advanceLine(
  tx: AccountTransaction,
  subscription: Subscription,
  item: SubscriptionItem,
): Promise<InvoiceLine> {
  const { price, quantity } = item;
  const name = await nameOf(tx, price);
  const free = subscription.status === 'trialing' || subscription.trial_end === item.current_period_end;
  const description = free ? `Trial period for ${name}` : `${quantity ?? 0} × ${name} (at ${priceLabel(price)})`;
  const period = { start: item.current_period_start, end: item.current_period_end };
  const { id, metadata } = subscription;
  return invoiceLine({ price, quantity }, { description, period, subscription: id, item: item.id, metadata, free });
}

/** What was used of a metered item in a period that is over. */
export async function usageLine(
  tx: AccountTransaction,
  subscription: Subscription,
  item: SubscriptionItem,
  period: Period,
): Promise<InvoiceLine> {
  const { price } = item;
  const quantity = await usageOf(tx, price, subscription.customer, period);
  const description = `${quantity} × ${await nameOf(tx, price)} (at ${priceLabel(price)})`;
  const { id, metadata } = subscription;
  return invoiceLine({ price, quantity }, { description, period, subscription: id, item: item.id, metadata });
}

export async function nameOf(tx: AccountTransaction, price: Stored<'price'>): Promise<string> {
  return (await tx.find('product', price.product))?.name ?? price.product;
}
