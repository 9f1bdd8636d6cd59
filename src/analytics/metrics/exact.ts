import Fraction from 'fraction.js';

export type { Fraction };

export const zero = new Fraction(0);

/** A fraction of two whole numbers of any size, as PostgreSQL writes them. */
export const fractionOf = (numerator: string, denominator: string) =>
  new Fraction(BigInt(numerator), BigInt(denominator));

/** Of what `textOf` wrote. Thousands of days are read at once: to parse their texts otherwise costs three times as much. */
export function fractionIn(text: string): Fraction {
  if (text === '0') return zero;
  const [numerator, denominator = '1'] = text.split('/') as [string, string?];
  return fractionOf(numerator, denominator);
}

/** `1250`, or `1250/3` in lowest terms. */
export const textOf = (exact: Fraction) => exact.toFraction();

/** To the nearest whole number; a half away from zero. */
export function roundHalfAway({ s, n, d }: Fraction): bigint {
  return s * ((2n * n + d) / (2n * d));
}

/** The largest whole number that is not above it. */
const floor = ({ s, n, d }: Fraction): bigint => (s < 0n ? -((n + d - 1n) / d) : n / d);

/**
 * Whole numbers for fractions, which add up to `total`: each is its fraction rounded down, or one more for those of which most was cut off.
 * @param total a whole number that is less than one away from the sum of the fractions.
 */
export function roundTogether<Key extends string>(
  fractions: Readonly<Record<Key, Fraction>>,
  total: bigint,
): Record<Key, bigint> {
  const keys = Object.keys(fractions) as Key[];
  const rounded = Object.fromEntries(keys.map((key) => [key, floor(fractions[key])])) as Record<Key, bigint>;
  const cutOff = (key: Key) => fractions[key].sub(new Fraction(rounded[key]));
  const byCut = keys.toSorted((one, other) => cutOff(other).compare(cutOff(one)));
  const missing = total - keys.reduce((sum, key) => sum + rounded[key], 0n);
  for (const key of byCut.slice(0, Number(missing))) rounded[key] += 1n;
  return rounded;
}

/** A decimal of six places; a half away from zero. */
export function decimalOf(exact: Fraction): string {
  const millionths = roundHalfAway(exact.mul(1_000_000));
  const digits = String(millionths < 0n ? -millionths : millionths).padStart(7, '0');
  return `${millionths < 0n ? '-' : ''}${digits.slice(0, -6)}.${digits.slice(-6)}`;
}
