import type Stripe from 'stripe';
import type { Stored } from '../objects.ts';
import type { AccountTransaction } from '../store/account-transaction.ts';
import { ApiError, invalidRequest } from '../wire/api-error.ts';
import { operation } from '../wire/operation.ts';
import { text } from '../wire/parameter-kinds.ts';
import { type Every, notModelled, required } from '../wire/parameters.ts';
import { cardFromToken } from './card-from-token.ts';
import { cardOfToken } from './card-tokens.ts';
import { declineOf } from './test-cards.ts';

const parameters = {
  customer: required(text()),
  ...notModelled('customer_account'),
} satisfies Every<Stripe.PaymentMethodAttachParams>;

export const attachPaymentMethodToCustomer = operation(parameters, async (tx, input, id) => {
  const customer = await tx.refer('customer', input.customer, 'customer');
  const method = cardOfToken(id!)
    ? cardFromToken(tx, id!, 'payment_method')
    : await tx.get('payment_method', id!, 'payment_method');
  return attachPaymentMethod(tx, method, customer);
});

/** Saves a payment method with a customer, unless its card refuses that. */
export function attachPaymentMethod(
  tx: AccountTransaction,
  method: Stored<'payment_method'>,
  customer: Stored<'customer'>,
): Stored<'payment_method'> {
  if (method.customer === customer.id) return method;
  if (method.customer) {
    throw invalidRequest(
      'The payment method you provided has already been attached to a customer.',
      undefined,
      'resource_already_attached',
    );
  }
  const decline = method.type === 'card' ? declineOf(method._sandbox.number, 'setup') : undefined;
  if (decline) throw new ApiError(402, { type: 'card_error', ...decline });
  tx.update(method, { customer: customer.id });
  tx.emit('payment_method.attached', method);
  return method;
}
