import type { recurringIntervals } from '../../billing/catalog/price.entity.ts';
import { type Fraction, fraction } from './fraction.ts';

/** How often an interval comes in a month: a year has 365 days, 52 weeks and 12 months. */
const timesAMonth = {
  DAY: fraction('365/12'),
  WEEK: fraction('52/12'),
  MONTH: fraction(1),
  YEAR: fraction('1/12'),
} satisfies Record<(typeof recurringIntervals)[number], Fraction>;

/** How many times a month something is billed that is billed every `count` intervals. */
export const perMonth = (interval: keyof typeof timesAMonth, count: number): Fraction =>
  timesAMonth[interval].div(count);
