import { invalidRequest } from '../wire/api-error.ts';

interface TrialInput {
  trial_end?: number | 'now';
  trial_period_days?: number;
}

const day = 86_400;

/** When the trial ends that a request asks for; `undefined` where it asks for none. */
export function trialEndOf(now: number, { trial_end, trial_period_days }: TrialInput): number | undefined {
  if (trial_end !== undefined && trial_period_days !== undefined) {
    throw invalidRequest('You may only specify one of these parameters: trial_end, trial_period_days.', 'trial_end');
  }
  if (trial_period_days) return now + trial_period_days * day;
  if (trial_end === undefined || trial_end === 'now') return undefined;
  if (trial_end <= now) {
    throw invalidRequest('Invalid timestamp: must be an integer Unix timestamp in the future.', 'trial_end');
  }
  if (trial_end > now + 730 * day) {
    throw invalidRequest('The maximum number of trial period days is 730 (2 years).', 'trial_end');
  }
  return trial_end;
}
