import type Stripe from 'stripe';
import { operation } from '../wire/operation.ts';
import { page, text, timeRange } from '../wire/parameter-kinds.ts';
import type { Every } from '../wire/parameters.ts';

const parameters = {
  ...page,
  created: timeRange,
  email: text({ max: 512 }),
  test_clock: text(),
} satisfies Every<Stripe.CustomerListParams>;

/** The address is compared to the letter, as Stripe does. */
export const listCustomers = operation(parameters, (tx, input) =>
  tx.list('customer', '/v1/customers', input, { email: input.email, test_clock: input.test_clock }),
);
