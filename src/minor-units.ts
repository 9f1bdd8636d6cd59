// Stripe's minor units, which are not always ISO 4217's: https://docs.stripe.com/currencies#special-cases
const withoutDecimals = new Set('BIF CLP DJF GNF JPY KMF KRW MGA PYG RWF VND VUV XAF XOF XPF'.split(' '));
const withThreeDecimals = new Set('BHD JOD KWD OMR TND'.split(' '));
/** Two decimals in what Stripe is told, and none in what it charges. */
const chargedWhole = new Set(['ISK', 'UGX']);

/** Stripe's own limit: eight digits, whatever the currency. */
export const largestAmount = 99_999_999;

/** Of how many minor units Stripe charges multiples alone. How little it charges at all is Stripe's to say. */
export const chargedInSteps = (currency: string): bigint =>
  withThreeDecimals.has(currency) ? 10n : chargedWhole.has(currency) ? 100n : 1n;

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
