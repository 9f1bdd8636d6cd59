import type Stripe from 'stripe';
import { operation } from '../wire/operation.ts';
import { page, text, timeRange } from '../wire/parameter-kinds.ts';
import type { Every } from '../wire/parameters.ts';

const parameters = {
  ...page,
  charge: text(),
  created: timeRange,
  payment_intent: text(),
} satisfies Every<Stripe.DisputeListParams>;

export const listDisputes = operation(parameters, (tx, input) =>
  tx.list('dispute', '/v1/disputes', input, { charge: input.charge, payment_intent: input.payment_intent }),
);
