import { newPrice } from '../catalog/new-price.ts';
import { newProduct } from '../catalog/new-product.ts';
import { refuseUnsoldIn, sharedCurrency } from '../catalog/price-in.ts';
import type { Purchase } from '../invoices/invoice-line.ts';
import type { Stored } from '../objects.ts';
import type { AccountTransaction } from '../store/account-transaction.ts';
import { invalidRequest } from '../wire/api-error.ts';
import { missingParameter, type Value } from '../wire/parameters.ts';
import type { lineItem } from './session-parameters.ts';

type LineInput = Value<typeof lineItem>;

export interface SessionLine extends Purchase {
  /** Between which the payer may choose. */
  adjustable?: { minimum: number; maximum: number };
}

/** The prices and quantities that a session's `line_items` name, once they fit the mode and each other. */
export async function sessionLines(
  tx: AccountTransaction,
  mode: 'payment' | 'subscription',
  inputs: LineInput[] | undefined,
): Promise<SessionLine[]> {
  if (!inputs?.length) throw missingParameter('line_items');
  const lines: SessionLine[] = [];
  for (const [index, input] of inputs.entries()) {
    const at = `line_items[${index}]`;
    const price = await linePrice(tx, input, at);
    const quantity = lineQuantity(price, input, at);
    lines.push({ price, quantity, adjustable: adjustableQuantity(input, quantity, at) });
  }
  refuseMisfits(
    mode,
    lines.map(({ price }) => price),
  );
  return lines;
}

/** In which currency the lines are charged: the one that is asked for, the customer's where all prices have it, or the first price's. */
export function sessionCurrency(lines: SessionLine[], wanted: string | undefined, ofCustomer?: string | null): string {
  const prices = lines.map(({ price }) => price);
  for (const [index, price] of prices.entries())
    if (wanted) refuseUnsoldIn(price, wanted, `line_items[${index}][price]`);
  const shared = sharedCurrency(prices, wanted ?? ofCustomer);
  if (shared) return shared;
  throw invalidRequest('All prices in a Checkout Session must have the same currency.', 'line_items');
}

async function linePrice(tx: AccountTransaction, { price: id, price_data }: LineInput, at: string) {
  if (!id === !price_data) {
    throw id
      ? invalidRequest('You may only specify one of these parameters: price, price_data.', `${at}[price]`)
      : missingParameter(`${at}[price]`);
  }
  if (price_data) return inlinePrice(tx, price_data, `${at}[price_data]`);
  const price = await tx.refer('price', id!, `${at}[price]`);
  if (price.active) return price;
  throw invalidRequest('The price specified is inactive. This field only accepts active prices.', `${at}[price]`);
}

/** Prices made inline are not active: they cannot be used again. */
async function inlinePrice(tx: AccountTransaction, data: NonNullable<LineInput['price_data']>, at: string) {
  const { product: id, product_data } = data;
  if (!id && !product_data) throw missingParameter(`${at}[product]`);
  const product = id
    ? await tx.refer('product', id, `${at}[product]`)
    : newProduct(tx, { ...product_data!, active: false });
  if (!id) tx.emit('product.created', product);
  const price = await newPrice(
    tx,
    { ...data, product: undefined, product_data: undefined, active: false },
    product,
    at,
  );
  tx.emit('price.created', price);
  return price;
}

function lineQuantity(price: Stored<'price'>, { quantity }: LineInput, at: string): number | undefined {
  const isMetered = price.recurring?.usage_type === 'metered';
  if (isMetered && quantity !== undefined) {
    throw invalidRequest(
      'Quantity should not be specified where usage_type is `metered`. Remove it.',
      `${at}[quantity]`,
    );
  }
  if (!isMetered && quantity === undefined) {
    throw invalidRequest(`Quantity is required. Add \`quantity\` to \`${at}\``, `${at}[quantity]`);
  }
  return quantity;
}

function adjustableQuantity({ adjustable_quantity }: LineInput, quantity: number | undefined, at: string) {
  if (!adjustable_quantity?.enabled || quantity === undefined) return undefined;
  const { minimum = 0, maximum = 99 } = adjustable_quantity;
  if (minimum <= quantity && quantity <= maximum) return { minimum, maximum };
  throw invalidRequest(
    `The quantity ${quantity} must be between the minimum (${minimum}) and the maximum (${maximum}).`,
    `${at}[adjustable_quantity]`,
  );
}

function refuseMisfits(mode: 'payment' | 'subscription', prices: Stored<'price'>[]) {
  const recurring = prices.flatMap((price) => price.recurring ?? []);
  if (mode === 'payment' && recurring.length) {
    throw invalidRequest(
      'You specified `payment` mode but passed a recurring price. Either switch to `subscription` mode or use only one-time prices.',
      'mode',
    );
  }
  if (mode === 'subscription' && !recurring.length) {
    throw invalidRequest(
      'You must provide at least one recurring price in `subscription` mode when using prices.',
      'mode',
    );
  }
  if (new Set(recurring.map(({ interval, interval_count }) => `${interval_count} ${interval}`)).size > 1) {
    throw invalidRequest(
      'All recurring prices in a Checkout Session must have the same billing interval.',
      'line_items',
    );
  }
}
