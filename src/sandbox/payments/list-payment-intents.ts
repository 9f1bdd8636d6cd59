import type Stripe from 'stripe';
import { operation } from '../wire/operation.ts';
import { page, text, timeRange } from '../wire/parameter-kinds.ts';
import { type Every, notModelled } from '../wire/parameters.ts';

const parameters = {
  ...page,
  created: timeRange,
  customer: text(),
  ...notModelled('customer_account'),
} satisfies Every<Stripe.PaymentIntentListParams>;

export const listPaymentIntents = operation(parameters, (tx, input) =>
  tx.list('payment_intent', '/v1/payment_intents', input, { customer: input.customer }),
);
