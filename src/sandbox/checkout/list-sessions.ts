import type Stripe from 'stripe';
import { operation } from '../wire/operation.ts';
import { email, oneOf, page, text, timeRange } from '../wire/parameter-kinds.ts';
import { type Every, hash, notModelled, required } from '../wire/parameters.ts';

const parameters = {
  ...page,
  created: timeRange,
  customer: text(),
  customer_details: hash({ email: required(email) }),
  payment_intent: text(),
  status: oneOf('complete', 'expired', 'open'),
  subscription: text(),
  ...notModelled('customer_account', 'payment_link'),
} satisfies Every<Stripe.Checkout.SessionListParams>;

export const listSessions = operation(parameters, (tx, input) =>
  tx.list('checkout.session', '/v1/checkout/sessions', input, {
    customer: input.customer,
    'customer_details.email': input.customer_details?.email,
    payment_intent: input.payment_intent,
    status: input.status,
    subscription: input.subscription,
  }),
);
