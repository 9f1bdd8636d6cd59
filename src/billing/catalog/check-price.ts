import { checkText } from '../../check-input.ts';
import { badInput } from '../../errors.ts';

export type RecurringInput = {
  interval: 'DAY' | 'WEEK' | 'MONTH' | 'YEAR';
  intervalCount?: number | null;
  /** Stripe's `mtr_…`: then what is used is charged. */
  stripeMeterId?: string | null;
};

/** Stripe bills at least every three years. */
const longest = { DAY: 1_095, WEEK: 156, MONTH: 36, YEAR: 3 };

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
