import { priceAmount } from '../catalog/price-amount.ts';
import { priceIn } from '../catalog/price-in.ts';
import type { Purchase } from '../invoices/invoice-line.ts';
import { itemOf, newInvoiceItem } from '../invoices/new-invoice-item.ts';
import type { Stored } from '../objects.ts';
import type { AccountTransaction } from '../store/account-transaction.ts';
import { invalidRequest } from '../wire/api-error.ts';
import { shareOf, wholePeriod } from './billing-period.ts';
import { isMetered, nameOf, type SubscriptionItem } from './cycle-lines.ts';

type Subscription = Stored<'subscription'>;

/** Gives back what was paid for the rest of the current periods, as items that wait for the next invoice. */
export async function creditUnusedTime(
  tx: AccountTransaction,
  subscription: Subscription,
  from: number,
): Promise<void> {
  if (subscription.status === 'trialing') return;
  for (const item of subscription.items.data) {
    if (!isMetered(item)) await prorate(tx, subscription, item, 'Unused', purchaseOf(item), from);
  }
}

export function purchaseOf({ price, quantity }: SubscriptionItem): Purchase {
  return { price, quantity };
}

/** Credits (`Unused`) or charges (`Remaining`) what a purchase costs from a time to the end of a period, to the second. */
export async function prorate(
  tx: AccountTransaction,
  subscription: Subscription,
  item: Pick<SubscriptionItem, 'id' | 'current_period_end'>,
  time: 'Unused' | 'Remaining',
  { price: bought, quantity = 1 }: Purchase,
  from: number,
): Promise<void> {
  const price = priceIn(bought, subscription.currency);
  const period = wholePeriod(subscription.billing_cycle_anchor, price.recurring!, item.current_period_end);
  if (from < period.start || from > period.end) {
    throw invalidRequest('The `proration_date` must be within the current period.', 'proration_date');
  }
  const share = shareOf(priceAmount(price, quantity), period.end - from, period.end - period.start);
  const customer = await tx.get('customer', subscription.customer);
  const name = await nameOf(tx, price);
  const what = quantity === 1 ? name : `${quantity} × ${name}`;
  newInvoiceItem(tx, customer, {
    amount: time === 'Unused' ? -share : share,
    currency: subscription.currency,
    description: `${time} time on ${what} after ${dateLabel(from)}`,
    discountable: false,
    metadata: subscription.metadata,
    parent: itemOf(subscription.id, item.id),
    period: { start: from, end: period.end },
    pricing: {
      price_details: { price: price.id, product: price.product },
      type: 'price_details',
      unit_amount_decimal: price.unit_amount_decimal,
    },
    proration: true,
    quantity,
  });
}

function dateLabel(time: number): string {
  const format = new Intl.DateTimeFormat('en-GB', { day: '2-digit', month: 'short', year: 'numeric', timeZone: 'UTC' });
  return format.format(new Date(time * 1_000));
}
