import { newSetupIntent } from '../payments/new-setup-intent.ts';
import { invalidRequest } from '../wire/api-error.ts';
import { mergeMetadata } from '../wire/metadata.ts';
import { operation } from '../wire/operation.ts';
import { missingParameter, type Values } from '../wire/parameters.ts';
import type { CheckoutOrder } from './checkout-order.ts';
import { newSession } from './new-session.ts';
import { sessionLines } from './session-lines.ts';
import { sessionParameters } from './session-parameters.ts';

export type SessionInput = Values<typeof sessionParameters>;

const day = 86_400;

/** A page on which a customer pays, subscribes or saves a card; open for a day unless `expires_at` says otherwise. */
export const createSession = operation(sessionParameters, async (tx, input) => {
  refuseMisplaced(input);
  refuseOddTimes(tx.now, input);
  const customer = input.customer ? await tx.refer('customer', input.customer, 'customer') : undefined;
  const lines = input.mode === 'setup' ? [] : await sessionLines(tx, input.mode, input.line_items);
  const session = await newSession(tx, input, customer, lines, order(input, lines));
  if (input.mode === 'setup') {
    const { description = null, metadata } = input.setup_intent_data ?? {};
    const intent = newSetupIntent(tx, {
      customer: customer?.id ?? null,
      description,
      metadata: mergeMetadata({}, metadata),
    });
    tx.update(session, { setup_intent: intent.id });
  }
  return session;
});

const onlyIn = {
  subscription_data: 'subscription',
  payment_intent_data: 'payment',
  setup_intent_data: 'setup',
  customer_creation: 'payment',
  payment_method_collection: 'subscription',
  submit_type: 'payment',
} as const;

function refuseMisplaced(input: SessionInput) {
  const { mode } = input;
  for (const [name, home] of Object.entries(onlyIn)) {
    if (input[name as keyof typeof onlyIn] !== undefined && mode !== home) {
      throw invalidRequest(`You can not pass \`${name}\` in \`${mode}\` mode.`, name);
    }
  }
  if (input.customer && input.customer_email) {
    throw invalidRequest('You may only specify one of these parameters: customer, customer_email.', 'customer_email');
  }
  if (mode === 'setup') {
    if (input.line_items) throw invalidRequest('You can not pass `line_items` in `setup` mode.', 'line_items');
    if (!input.currency && !input.payment_method_types && !input.allowed_payment_method_types)
      throw missingParameter('currency');
  }
}

function refuseOddTimes(
  now: number,
  { expires_at, subscription_data: { trial_end, trial_period_days } = {} }: SessionInput,
) {
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

function order(input: SessionInput, lines: Awaited<ReturnType<typeof sessionLines>>): CheckoutOrder {
  const { metadata, description = null, trial_end, trial_period_days, trial_settings } = input.subscription_data ?? {};
  const { metadata: paymentMetadata, ...payment } = input.payment_intent_data ?? {};
  const onMissing = trial_settings?.end_behavior?.missing_payment_method;
  return {
    lines: lines.map(({ price, quantity }) => ({ price: price.id, quantity })),
    subscription: {
      metadata: mergeMetadata({}, metadata),
      description,
      trial: trial_period_days ? { days: trial_period_days } : trial_end ? { end: trial_end } : null,
      trialSettings: onMissing
        ? { end_behavior: { billing_cycle_anchor: null, missing_payment_method: onMissing } }
        : null,
    },
    payment: { ...payment, metadata: mergeMetadata({}, paymentMetadata) },
    paymentIntent: null,
  };
}
