// Stripe's minor units, which are not always ISO 4217's: https://docs.stripe.com/currencies#special-cases
const withoutDecimals = new Set('BIF CLP DJF GNF JPY KMF KRW MGA PYG RWF VND VUV XAF XOF XPF'.split(' '));
const withThreeDecimals = new Set('BHD JOD KWD OMR TND'.split(' '));

/** How many decimals of a currency its minor unit has: 2 of USD, 0 of JPY, 3 of KWD. */
export const decimalsOf = (currency: string) =>
  withoutDecimals.has(currency) ? 0 : withThreeDecimals.has(currency) ? 3 : 2;

/** An amount of minor units, a decimal itself, in whole units of the currency, exactly: `0.5` of USD is `0.005`. Not below zero. */
export function inWholeUnits(amount: string, currency: string): `${number}` {
  const [digits = '', fraction = ''] = amount.split('.');
  const decimals = decimalsOf(currency);
  const padded = digits.padStart(decimals + 1, '0');
  const point = padded.length - decimals;
  return `${padded.slice(0, point)}.${padded.slice(point)}${fraction || '0'}` as `${number}`;
}
