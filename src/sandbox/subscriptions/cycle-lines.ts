import { priceAmount } from '../catalog/price-amount.ts';
import { priceIn } from '../catalog/price-in.ts';
import { priceLabel } from '../catalog/price-label.ts';
import { type InvoiceLine, invoiceLine } from '../invoices/invoice-line.ts';
import { usageOf } from '../meters/usage-of.ts';
import type { Stored } from '../objects.ts';
import type { AccountTransaction } from '../store/account-transaction.ts';
import { shareOf, wholePeriod } from './billing-period.ts';

type Subscription = Stored<'subscription'>;
export type SubscriptionItem = Subscription['items']['data'][number];
interface Period {
  start: number;
  end: number;
}

export const isMetered = (item: SubscriptionItem) => item.price.recurring?.usage_type === 'metered';

/** What an item costs for a period that begins, in advance: its share of a period that is cut short, nothing in a trial. */
export async function advanceLine(
  tx: AccountTransaction,
  subscription: Subscription,
  item: SubscriptionItem,
): Promise<InvoiceLine> {
  const { quantity = 0, current_period_start: start, current_period_end: end } = item;
  const price = priceIn(item.price, subscription.currency);
  const { id, metadata, billing_cycle_anchor } = subscription;
  const name = await nameOf(tx, price);
  const free = subscription.status === 'trialing' || subscription.trial_end === end;
  const description = free ? `Trial period for ${name}` : `${quantity} × ${name} (at ${priceLabel(price)})`;
  const line = { description, period: { start, end }, subscription: id, item: item.id, metadata };
  const whole = wholePeriod(billing_cycle_anchor, price.recurring!, end);
  const amount = free ? 0 : shareOf(priceAmount(price, quantity), end - start, end - Math.min(start, whole.start));
  return invoiceLine({ price, quantity }, { ...line, amount });
}

/** What was used of a metered item in a period that is over. */
export async function usageLine(
  tx: AccountTransaction,
  subscription: Subscription,
  item: SubscriptionItem,
  period: Period,
): Promise<InvoiceLine> {
  const price = priceIn(item.price, subscription.currency);
  const quantity = await usageOf(tx, price, subscription.customer, period);
  const description = `${quantity} × ${await nameOf(tx, price)} (at ${priceLabel(price)})`;
  const { id, metadata } = subscription;
  return invoiceLine({ price, quantity }, { description, period, subscription: id, item: item.id, metadata });
}

export async function nameOf(tx: AccountTransaction, price: Stored<'price'>): Promise<string> {
  return (await tx.find('product', price.product))?.name ?? price.product;
}
