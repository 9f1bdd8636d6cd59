import type Stripe from 'stripe';
import { operation } from '../wire/operation.ts';
import { page, text, timeRange } from '../wire/parameter-kinds.ts';
import { notModelled, type Of } from '../wire/parameters.ts';

const parameters = {
  ...page,
  created: timeRange,
  customer: text(),
  payment_method: text(),
  ...notModelled('attach_to_self', 'customer_account'),
} satisfies Of<Stripe.SetupIntentListParams>;

export const listSetupIntents = operation(parameters, (tx, input) =>
  tx.list('setup_intent', '/v1/setup_intents', input, {
    customer: input.customer,
    payment_method: input.payment_method,
  }),
);
