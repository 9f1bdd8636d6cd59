import { paymentMethodOf } from '../payment-methods/payment-method-of.ts';
import { ApiError, invalidRequest, resourceMissing } from '../wire/api-error.ts';
import { operation } from '../wire/operation.ts';
import { integer, text } from '../wire/parameter-kinds.ts';
import { missingParameter, required } from '../wire/parameters.ts';
import { completeSession } from './complete-session.ts';

/** Undocumented: how Stripe's own page, and its CLI, reads a session. */
export const retrievePaymentPage = operation({}, (tx, _input, id) => tx.get('checkout.session', id!, 'payment_page'));

const parameters = { expected_amount: integer({ min: 0 }), payment_method: required(text()) };

/** Undocumented: how Stripe's own page, and its CLI, pays a session. */
export const confirmPaymentPage = operation(parameters, async (tx, input, id) => {
  const session = await tx.get('checkout.session', id!, 'payment_page');
  if (session.status !== 'open') throw resourceMissing('payment_page', session.id, 'payment_page', 404);
  const { expected_amount = session.amount_total } = input;
  if (expected_amount !== session.amount_total) {
    throw invalidRequest(
      `The amount has changed: it is ${session.amount_total}, not ${expected_amount}.`,
      'expected_amount',
      'checkout_amount_mismatch',
    );
  }
  const method = await paymentMethodOf(tx, input.payment_method, 'payment_method');
  if (!session.payment_method_types.includes(method.type)) {
    throw invalidRequest(`This session does not take payment methods of type ${method.type}.`, 'payment_method');
  }
  const { email, name, phone, address } = method.billing_details;
  const known = email ?? session.customer_details?.email;
  if (!known) throw missingParameter('payment_method[billing_details][email]');
  const decline = await completeSession(tx, session, {
    address: address ?? undefined,
    email: known,
    method: method.id,
    name: name ?? undefined,
    phone: phone ?? undefined,
  });
  if (decline) throw new ApiError(402, { type: 'card_error', ...decline, payment_method: method }, true);
  return session;
});
