import type Stripe from 'stripe';
import { operation } from '../wire/operation.ts';
import { page, text, timeRange } from '../wire/parameter-kinds.ts';
import { type Every, notModelled } from '../wire/parameters.ts';

const parameters = {
  ...page,
  created: timeRange,
  customer: text(),
  payment_method: text(),
  ...notModelled('attach_to_self', 'customer_account'),
} satisfies Every<Stripe.SetupIntentListParams>;

export const listSetupIntents = operation(parameters, (tx, input) =>
  tx.list('setup_intent', '/v1/setup_intents', input, {
    customer: input.customer,
    payment_method: input.payment_method,
  }),
);
