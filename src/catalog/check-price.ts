import { checkText } from '../check-input.ts';
import { badInput } from '../errors.ts';

export type RecurringInput = {
  interval: 'DAY' | 'WEEK' | 'MONTH' | 'YEAR';
  intervalCount?: number | null;
  /** Stripe's `mtr_…`: then what is used is charged. */
  stripeMeterId?: string | null;
};

export type AmountInput = { currency: string; unitAmount?: bigint | null; unitAmountDecimal?: string | null };

/** Stripe's own limit: eight digits. */
const largest = 99_999_999;
/** Of these Stripe takes no third decimal. */
const withThreeDecimals = new Set('BHD JOD KWD OMR TND'.split(' '));
/** Stripe bills at least every three years. */
const longest = { DAY: 1_095, WEEK: 156, MONTH: 36, YEAR: 3 };

/**
 * @returns the amount as a decimal of minor units.
 * @throws Refusal BAD_USER_INPUT with the field.
 */
export function checkAmount({ currency, unitAmount, unitAmountDecimal }: AmountInput): string {
  if ((unitAmount == null) === (unitAmountDecimal == null))
    throw badInput('Give one of unitAmount and unitAmountDecimal, and not both.', 'unitAmount');
  const field = unitAmount == null ? 'unitAmountDecimal' : 'unitAmount';
  const amount = unitAmount == null ? unitAmountDecimal! : String(unitAmount);
  if (!/^\d{1,8}(\.\d{1,12})?$/.test(amount) || Number(amount) > largest)
    throw badInput('An amount is 0 to 99,999,999 minor units; a decimal one has up to 12 decimals.', field);
  if (withThreeDecimals.has(currency) && unitAmount != null && unitAmount % 10n !== 0n)
    throw badInput(`${currency} has three decimals, of which Stripe charges two: the last digit must be 0.`, field);
  return amount;
}

/** @throws Refusal BAD_USER_INPUT with the field. */
export function checkRecurring({ interval, intervalCount, stripeMeterId }: RecurringInput) {
  const count = intervalCount ?? 1;
  if (count < 1 || count > longest[interval])
    throw badInput(`A period of ${interval} has a count from 1 to ${longest[interval]}.`, 'recurring.intervalCount');
  const meter = stripeMeterId == null ? undefined : checkText(stripeMeterId, 'recurring.stripeMeterId', { max: 255 });
  return {
    interval: interval.toLowerCase() as 'day' | 'week' | 'month' | 'year',
    interval_count: count,
    ...(meter ? { usage_type: 'metered' as const, meter } : {}),
  };
}
