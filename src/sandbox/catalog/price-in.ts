import type { Stored } from '../objects.ts';
import { invalidRequest } from '../wire/api-error.ts';

type Price = Stored<'price'>;

/** The price as it is charged in a currency: its own, or one that it has an option for. */
export function priceIn(price: Price, currency: string): Price {
  const option = price.currency === currency ? undefined : price.currency_options?.[currency];
  return option ? { ...price, currency, ...option } : price;
}

export const isSoldIn = (price: Price, currency: string) =>
  price.currency === currency || price.currency_options?.[currency] !== undefined;

/**
 * The currency in which all these prices are charged: the one that is wanted, or the one that their customer pays in where
 * they have it, or else the first price's own. Undefined where one of them cannot be charged in it.
 */
export function sharedCurrency(prices: Price[], preferred: string | null | undefined): string | undefined {
  const all = (currency: string) => prices.every((price) => isSoldIn(price, currency));
  return [preferred, prices[0]?.currency].find((currency) => currency && all(currency)) ?? undefined;
}

/** @throws ApiError where a price has nothing to do with the currency. */
export function refuseUnsoldIn(price: Price, currency: string, param: string): void {
  if (isSoldIn(price, currency)) return;
  const message = `The price specified only supports \`${price.currency}\`. This doesn't match the expected currency: \`${currency}\`.`;
  throw invalidRequest(message, param);
}
