import type Stripe from 'stripe';
import { resourceMissing } from '../wire/api-error.ts';
import { operation } from '../wire/operation.ts';
import { oneOf, page, text } from '../wire/parameter-kinds.ts';
import { type Every, notModelled } from '../wire/parameters.ts';
import { allowRedisplay } from './payment-method-parameters.ts';

const listed = { ...page, allow_redisplay: allowRedisplay, type: oneOf('card', 'sepa_debit', 'us_bank_account') };
const parameters = {
  ...listed,
  customer: text(),
  ...notModelled('customer_account'),
} satisfies Every<Stripe.PaymentMethodListParams>;

export const listPaymentMethods = operation(parameters, (tx, input) => {
  const { allow_redisplay, customer, type } = input;
  return tx.list('payment_method', '/v1/payment_methods', input, { allow_redisplay, customer, type });
});

export const listPaymentMethodsOfCustomer = operation(listed, async (tx, input, id) => {
  const customer = await tx.get('customer', id!, 'customer');
  const { allow_redisplay, type } = input;
  const url = `/v1/customers/${customer.id}/payment_methods`;
  return tx.list('payment_method', url, input, { allow_redisplay, customer: customer.id, type });
});

export const retrievePaymentMethodOfCustomer = operation({}, async (tx, _input, customer, id) => {
  const method = await tx.get('payment_method', id!, 'payment_method');
  if (method.customer !== customer) throw resourceMissing('PaymentMethod', method.id, 'payment_method', 404);
  return method;
});
