import { priceAmount } from '../catalog/price-amount.ts';
import { priceIn, sharedCurrency } from '../catalog/price-in.ts';
import type { AccountTransaction } from '../store/account-transaction.ts';
import { itemPrice } from '../subscriptions/item-purchase.ts';
import type { PreviewInput } from './create-preview.ts';
import { newInvoiceItem } from './new-invoice-item.ts';

/** The invoice items that a preview asks for on top of those that wait. */
export async function addPreviewItems(tx: AccountTransaction, input: PreviewInput): Promise<void> {
  const { invoice_items: items = [], subscription } = input;
  if (!items.length) return;
  const payer = subscription
    ? (await tx.refer('subscription', subscription, 'subscription')).customer
    : input.customer!;
  const customer = await tx.refer('customer', payer, 'customer');
  for (const [index, { amount, currency, description, price, price_data, pricing, quantity = 1 }] of items.entries()) {
    const at = `invoice_items[${index}]`;
    const named = { price: price ?? pricing?.price, price_data };
    const found = amount === undefined ? await itemPrice(tx, named, 'one_time', at) : undefined;
    const bought = found && priceIn(found, sharedCurrency([found], currency ?? customer.currency)!);
    newInvoiceItem(tx, customer, {
      amount: bought ? priceAmount(bought, quantity) : amount!,
      currency: bought?.currency ?? currency ?? customer.currency ?? 'usd',
      description: description ?? null,
      quantity,
    });
  }
}
