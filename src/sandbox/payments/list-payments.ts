import type Stripe from 'stripe';
import { operation } from '../wire/operation.ts';
import { page, text, timeRange } from '../wire/parameter-kinds.ts';
import { notModelled, type Of } from '../wire/parameters.ts';

const listed = { ...page, created: timeRange, customer: text(), ...notModelled('customer_account') };

export const listPaymentIntents = operation(listed satisfies Of<Stripe.PaymentIntentListParams>, (tx, input) =>
  tx.list('payment_intent', '/v1/payment_intents', input, { customer: input.customer }),
);

const chargesListed = {
  ...page,
  created: timeRange,
  customer: text(),
  payment_intent: text(),
  ...notModelled('transfer_group'),
} satisfies Of<Stripe.ChargeListParams>;

export const listCharges = operation(chargesListed, (tx, input) =>
  tx.list('charge', '/v1/charges', input, { customer: input.customer, payment_intent: input.payment_intent }),
);

const setupsListed = {
  ...listed,
  payment_method: text(),
  ...notModelled('attach_to_self'),
} satisfies Of<Stripe.SetupIntentListParams>;

export const listSetupIntents = operation(setupsListed, (tx, input) =>
  tx.list('setup_intent', '/v1/setup_intents', input, {
    customer: input.customer,
    payment_method: input.payment_method,
  }),
);
