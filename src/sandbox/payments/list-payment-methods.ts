import type Stripe from 'stripe';
import { operation } from '../wire/operation.ts';
import { oneOf, page, text } from '../wire/parameter-kinds.ts';
import type { Of } from '../wire/parameters.ts';

const type = oneOf('card');
const parameters = { ...page, customer: text(), type } satisfies Of<Stripe.PaymentMethodListParams>;

export const listPaymentMethods = operation(parameters, (tx, input) =>
  tx.list('payment_method', '/v1/payment_methods', input, { customer: input.customer, type: input.type }),
);

export const listPaymentMethodsOfCustomer = operation({ ...page, type }, async (tx, input, id) => {
  const customer = await tx.get('customer', id!, 'customer');
  const url = `/v1/customers/${customer.id}/payment_methods`;
  return tx.list('payment_method', url, input, { customer: customer.id, type: input.type });
});
