import Fraction from 'fraction.js';
import { type MovementType, movementTypes } from '../revenue/movement-types.ts';
import { definitions } from './definitions.ts';
import { decimalOf, roundHalfAway, roundTogether, textOf, zero } from './exact.ts';
import type { CountMetricType, MoneyMetricType, MrrChangeType, RateMetricType } from './metric.type.ts';

export const moneyMetric = (
  exact: Fraction,
  of: { currency: string; definition: string; asOf: Date },
  amount = roundHalfAway(exact),
): MoneyMetricType => {
  const { currency, definition, asOf } = of;
  return { value: { amount, currency }, exact: textOf(exact), definition, asOf };
};

export const countMetric = (value: number, definition: string, asOf: Date): CountMetricType => ({
  value,
  definition,
  asOf,
});

export const rateMetric = (
  numerator: Fraction,
  denominator: Fraction,
  definition: string,
  asOf: Date,
): RateMetricType => ({
  value: denominator.equals(zero) ? null : decimalOf(numerator.div(denominator)),
  numerator: textOf(numerator),
  denominator: textOf(denominator),
  definition,
  asOf,
});

/** What changed, by kind, exactly. */
export type Changes = Record<MovementType, Fraction>;

export const noChanges = (): Changes => Object.fromEntries(movementTypes.map((type) => [type, zero])) as Changes;

export const addChanges = (one: Changes, other: Changes): Changes =>
  Object.fromEntries(movementTypes.map((type) => [type, one[type].add(other[type])])) as Changes;

/** @param factor what a minor unit is worth in minor units of another currency. */
export const convertChanges = (changes: Changes, factor: Fraction): Changes =>
  Object.fromEntries(movementTypes.map((type) => [type, changes[type].mul(factor)])) as Changes;

export const netOf = (changes: Changes): Fraction =>
  movementTypes.reduce((sum, type) => sum.add(changes[type]), new Fraction(0));

const fields = {
  NEW: 'new',
  EXPANSION: 'expansion',
  CONTRACTION: 'contraction',
  CHURN: 'churn',
  REACTIVATION: 'reactivation',
} as const satisfies Record<MovementType, keyof MrrChangeType>;

/**
 * @param of.start the recurring revenue at the begin, exactly; with the changes it is that at the end. Both are rounded as they are published
 * elsewhere, and the parts so that they add up to the difference.
 */
export function changeMetrics(
  changes: Changes,
  {
    start,
    currency,
    asOf,
    define = (text) => text,
  }: {
    start: Fraction;
    currency: string;
    asOf: Date;
    define?: (definition: string) => string;
  },
): MrrChangeType {
  const net = netOf(changes);
  const whole = roundHalfAway(start.add(net)) - roundHalfAway(start);
  const rounded = roundTogether(changes, whole);
  const metric = (exact: Fraction, name: keyof MrrChangeType, amount: bigint) =>
    moneyMetric(exact, { currency, asOf, definition: define(definitions[name]) }, amount);
  const parts = movementTypes.map((type) => [fields[type], metric(changes[type], fields[type], rounded[type])]);
  return { ...Object.fromEntries(parts), net: metric(net, 'net', whole) } as MrrChangeType;
}
