import { invalidRequest } from '../wire/api-error.ts';
import { operation } from '../wire/operation.ts';

/** Takes a payment method from its customer, and from where it is the default. */
export const detachPaymentMethod = operation({}, async (tx, _input, id) => {
  const method = await tx.get('payment_method', id!, 'payment_method');
  if (!method.customer) {
    throw invalidRequest('The payment method you provided is not attached to a customer so detachment is impossible.');
  }
  const customer = await tx.find('customer', method.customer);
  if (customer?.invoice_settings.default_payment_method === method.id) {
    const invoice_settings = { ...customer.invoice_settings, default_payment_method: null };
    tx.emit('customer.updated', customer, tx.update(customer, { invoice_settings }));
  }
  const previous = tx.update(method, { customer: null });
  tx.emit('payment_method.detached', method, previous);
  return method;
});
