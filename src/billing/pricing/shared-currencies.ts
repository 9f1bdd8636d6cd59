import type { Price } from '../catalog/price.entity.ts';

type Priced = Pick<Price, 'currency' | 'currencyOptions'>;

/** The currencies in which all of these prices are sold, that of the first one first. */
export const sharedCurrencies = (prices: Priced[]): string[] =>
  prices.map(currenciesOf).reduce((all, some) => all.filter((currency) => some.includes(currency)));

const currenciesOf = ({ currency, currencyOptions }: Priced) => [
  currency,
  ...currencyOptions.map((option) => option.currency),
];
