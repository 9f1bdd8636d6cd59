import type { Stored } from '../objects.ts';
import { ApiError } from '../wire/api-error.ts';

/** While a clock runs, what is under it changes by itself only. */
export function refuseWhileAdvancing(clock: Stored<'test_helpers.test_clock'>): void {
  if (clock.status !== 'advancing') return;
  const message = `Test clock advancement underway - cannot perform modifications. Try again when ${clock.id} is ready.`;
  throw new ApiError(429, { type: 'invalid_request_error', code: 'lock_timeout', message });
}
