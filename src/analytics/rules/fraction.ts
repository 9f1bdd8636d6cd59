import FractionOf from 'fraction.js';

/** An exact number. Money is in minor units; it is rounded once, where it is published. */
export type Fraction = FractionOf;

export const zero: Fraction = new FractionOf(0);

/** @param value `1250/3`, a decimal in text, or a whole number. */
export const fraction = (value: string | number | bigint): Fraction => new FractionOf(value);

/** A numerator and a denominator as PostgreSQL answers them, in text. */
export const fractionOf = (numerator: string | number, denominator: string | number): Fraction =>
  new FractionOf(BigInt(numerator), BigInt(denominator));

export const numeratorOf = ({ s, n }: Fraction): string => String(s * n);
export const denominatorOf = ({ d }: Fraction): string => String(d);

/** `1250/3`; `12` where it is whole. */
export const textOf = (value: Fraction): string => value.toFraction();

export const sumOf = (values: Fraction[]): Fraction => values.reduce((sum, value) => sum.add(value), zero);
