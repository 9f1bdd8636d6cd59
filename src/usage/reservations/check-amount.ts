import { badInput } from '../../errors.ts';
import { checkValues, UsageRejected } from '../events/check-usage.ts';
import type { Meter } from '../meters/meter.entity.ts';

/**
 * An amount that is held or committed, as the meter takes it.
 * @returns it without zeros that say nothing: equal amounts are equal texts.
 * @throws Refusal BAD_USER_INPUT.
 */
export function checkAmount(amount: string, { aggregation }: Pick<Meter, 'aggregation'>): string {
  const value = takenAs(amount, aggregation);
  if (value !== null && value !== '0') return value;
  throw badInput(
    aggregation === 'COUNT'
      ? 'The meter of this feature counts one at a time: leave the amount out.'
      : 'An amount is more than 0, in decimal digits with at most 15 that count and 12 decimals: "2.5".',
    'amount',
  );
}

function takenAs(amount: string, aggregation: Meter['aggregation']): string | null {
  try {
    return checkValues({ value: amount }, aggregation).value;
  } catch (failure) {
    if (failure instanceof UsageRejected) return null;
    throw failure;
  }
}
