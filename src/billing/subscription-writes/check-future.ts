import { badInput } from '../../errors.ts';
import type { FoundSubscription } from './find-subscription.ts';

/**
 * A time that is still to come. A subscription under one of Stripe's test clocks has a time of its own, which nobody here knows: in TEST only
 * what was before its period is certainly over, and Stripe refuses the rest.
 * @throws Refusal BAD_USER_INPUT.
 */
export function checkFuture(
  time: Date,
  field: string,
  { environment, currentPeriodStart, createdAt }: FoundSubscription,
): void {
  const known = environment === 'TEST' ? (currentPeriodStart ?? createdAt) : new Date();
  if (time <= known) throw badInput('This must be in the future.', field);
}
