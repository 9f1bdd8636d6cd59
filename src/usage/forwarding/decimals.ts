const places = 12;

/** The sum of decimals with at most twelve places, exactly. */
export function sumOf(decimals: string[]): string {
  return textOf(decimals.reduce((sum, decimal) => sum + unitsOf(decimal), 0n));
}

export const isSame = (one: string, other: string) => unitsOf(one) === unitsOf(other);

/** Without superfluous zeros: `5.000000000000` is `5`. */
export const plain = (decimal: string) => textOf(unitsOf(decimal));

/** How many significant digits it has: Stripe takes fifteen. */
export const digitsOf = (decimal: string) =>
  plain(decimal)
    .replace(/^-?(0\.0*)?/, '')
    .replace('.', '').length;

function unitsOf(decimal: string): bigint {
  const [, sign, whole, part = ''] = /^(-?)(\d+)(?:\.(\d+))?$/.exec(decimal)!;
  const units = BigInt(whole! + part.slice(0, places).padEnd(places, '0'));
  return sign ? -units : units;
}

function textOf(units: bigint): string {
  const digits = (units < 0n ? -units : units).toString().padStart(places + 1, '0');
  const part = digits.slice(-places).replace(/0+$/, '');
  return `${units < 0n ? '-' : ''}${digits.slice(0, -places)}${part && `.${part}`}`;
}
