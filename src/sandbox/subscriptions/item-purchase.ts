import { newPrice } from '../catalog/new-price.ts';
import type { Purchase } from '../invoices/invoice-line.ts';
import type { Stored } from '../objects.ts';
import type { AccountTransaction } from '../store/account-transaction.ts';
import { invalidRequest } from '../wire/api-error.ts';
import { missingParameter, nested, type Value } from '../wire/parameters.ts';
import type { oneTimePriceData, recurringPriceData } from './subscription-parameters.ts';

interface PriceInput {
  price?: string;
  plan?: string;
  price_data?: Value<typeof recurringPriceData> | Value<typeof oneTimePriceData>;
}

/** The price that an item names or describes; `at` is where the item stands in the request. Describing one makes it. */
export async function itemPrice(tx: AccountTransaction, input: PriceInput, type: 'recurring' | 'one_time', at: string) {
  const id = input.price ?? input.plan;
  const name = nested(at, 'price');
  if (!id && !input.price_data) throw missingParameter(name);
  if (id && input.price_data) {
    throw invalidRequest('You may only specify one of these parameters: price, price_data.', name);
  }
  const price = id ? await tx.refer('price', id, name) : await inlinePrice(tx, input.price_data!, at);
  if (!price.active && id) {
    throw invalidRequest('The price specified is inactive. This field only accepts active prices.', name);
  }
  if (price.type !== type) {
    throw invalidRequest(
      `The price specified is set to \`type=${price.type}\` but this field only accepts prices with \`type=${type}\`.`,
      name,
    );
  }
  return price;
}

async function inlinePrice(tx: AccountTransaction, data: NonNullable<PriceInput['price_data']>, at: string) {
  const product = await tx.refer('product', data.product, `${at}[price_data][product]`);
  const price = await newPrice(tx, { ...data, product: undefined, active: false }, product, `${at}[price_data]`);
  tx.emit('price.created', price);
  return price;
}

/** How many of a price: one unless told, none told for what is metered. */
export function itemQuantity(price: Stored<'price'>, quantity: number | undefined, at: string): number | undefined {
  if (price.recurring?.usage_type !== 'metered') return quantity ?? 1;
  if (quantity === undefined) return undefined;
  throw invalidRequest(
    'Quantity should not be specified where usage_type is `metered`. Remove it.',
    nested(at, 'quantity'),
  );
}

export async function itemPurchase(
  tx: AccountTransaction,
  input: PriceInput & { quantity?: number },
  type: 'recurring' | 'one_time',
  at: string,
): Promise<Purchase> {
  const price = await itemPrice(tx, input, type, at);
  return { price, quantity: itemQuantity(price, input.quantity, at) };
}
