import type { Value } from '../wire/parameters.ts';
import type { address } from './customer-parameters.ts';

/** An address as Stripe answers it: every line is there, those that were not given are `null`. */
export function filledAddress(given: Value<typeof address> | undefined) {
  return given && { city: null, country: null, line1: null, line2: null, postal_code: null, state: null, ...given };
}
