import { invalidRequest } from '../wire/api-error.ts';
import { missingParameter } from '../wire/parameters.ts';
import type { SessionInput } from './create-session.ts';

const day = 86_400;

/** The mode that a parameter belongs to, where it belongs to one. */
const onlyIn = {
  subscription_data: 'subscription',
  payment_intent_data: 'payment',
  setup_intent_data: 'setup',
  customer_creation: 'payment',
  payment_method_collection: 'subscription',
  submit_type: 'payment',
} as const;

export function refuseMisplaced(input: SessionInput): void {
  const { mode } = input;
  for (const [name, home] of Object.entries(onlyIn)) {
    if (input[name as keyof typeof onlyIn] !== undefined && mode !== home) {
      throw invalidRequest(`You can not pass \`${name}\` in \`${mode}\` mode.`, name);
    }
  }
  refuseBoth(input, 'customer', 'customer_email');
  refuseBoth(input, 'customer', 'customer_creation');
  if (input.discounts?.length) refuseBoth(input, 'discounts', 'allow_promotion_codes');
  if (input.customer_update && !input.customer) {
    throw invalidRequest('`customer_update` can only be used with `customer`.', 'customer_update');
  }
  const types = input.allowed_payment_method_types ?? input.payment_method_types;
  if (mode === 'subscription' && types?.some((type) => type !== 'card')) {
    const name = input.allowed_payment_method_types ? 'allowed_payment_method_types' : 'payment_method_types';
    throw invalidRequest('The sandbox models bank debits in `payment` and `setup` mode only.', name);
  }
  if (mode !== 'setup') return;
  for (const name of ['line_items', 'discounts', 'allow_promotion_codes'] as const) {
    if (input[name]) throw invalidRequest(`You can not pass \`${name}\` in \`setup\` mode.`, name);
  }
  if (!input.currency && !types) throw missingParameter('currency');
}

function refuseBoth(input: SessionInput, one: keyof SessionInput, other: keyof SessionInput): void {
  if (input[one] === undefined || input[other] === undefined) return;
  throw invalidRequest(`You may only specify one of these parameters: ${one}, ${other}.`, other);
}

export function refuseOddTimes(
  now: number,
  { expires_at, subscription_data: { trial_end, trial_period_days } = {} }: SessionInput,
): void {
  if (expires_at !== undefined && (expires_at < now + 1_795 || expires_at > now + day)) {
    const message =
      'The `expires_at` timestamp must be between 30 minutes and 24 hours from Checkout Session creation.';
    throw invalidRequest(message, 'expires_at');
  }
  if (trial_end === undefined) return;
  if (trial_period_days !== undefined) {
    throw invalidRequest(
      'You may only specify one of these parameters: trial_end, trial_period_days.',
      'subscription_data[trial_end]',
    );
  }
  if (trial_end < now + 2 * day || trial_end > now + 730 * day) {
    const message = 'The `trial_end` date has to be at least 2 days, and at most 730 days, in the future.';
    throw invalidRequest(message, 'subscription_data[trial_end]');
  }
}
