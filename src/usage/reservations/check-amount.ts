import { badInput } from '../../errors.ts';
import { checkValues, UsageRejected } from '../events/check-usage.ts';
import type { Meter } from '../meters/meter.entity.ts';

/**
 * An amount that is held or committed, as the meter takes it.
 * @returns it without zeros that say nothing: equal amounts are equal texts.
 * @throws Refusal BAD_USER_INPUT.
 */
export function checkAmount(amount: string, { aggregation }: Pick<Meter, 'aggregation'>): string {
  try {
    const { value } = checkValues({ value: amount }, aggregation);
    if (value !== '0') return value!;
  } catch (failure) {
    if (!(failure instanceof UsageRejected)) throw failure;
    throw badInput(failure.message, 'amount');
  }
  throw badInput('This is nothing: an amount is more than 0.', 'amount');
}
