import type Stripe from 'stripe';
import { operation } from '../wire/operation.ts';
import { page, text, timeRange } from '../wire/parameter-kinds.ts';
import { type Every, notModelled } from '../wire/parameters.ts';

const parameters = {
  ...page,
  created: timeRange,
  customer: text(),
  payment_intent: text(),
  ...notModelled('transfer_group'),
} satisfies Every<Stripe.ChargeListParams>;

export const listCharges = operation(parameters, (tx, input) =>
  tx.list('charge', '/v1/charges', input, { customer: input.customer, payment_intent: input.payment_intent }),
);
