import type { BaseLogger } from 'pino';
import type Stripe from 'stripe';
import { notFound } from '../../errors.ts';
import type { Operation } from '../../operations/operation.ts';
import type { Tenant } from '../../tenant.ts';
import { recordCustomer } from '../customers/record-customer.ts';
import { findPaymentMethod } from './find-payment-method.ts';

export type PaymentMethodTools = { stripe: Stripe; operation: Operation; log: Pick<BaseLogger, 'warn'> };

/**
 * Lets a payment method pay the invoices of its customer from now on, in Stripe and here.
 * @param input.customerId whose it has to be; null where the method says it.
 * @param own the customer whom a customer token speaks for. Null for a key.
 * @throws Refusal NOT_FOUND for a method or customer that the caller does not have, or a method of another customer; STRIPE_ERROR.
 */
export async function setDefaultPaymentMethod(
  { stripe, operation, log }: PaymentMethodTools,
  tenant: Tenant,
  input: { paymentMethodId: string; customerId?: string | null },
  own: string | null,
): Promise<string> {
  return operation.askStripe({
    async prepare(em) {
      const { paymentMethodId: id, customerId } = input;
      if (own !== null && customerId != null && customerId !== own) throw notFound('customer', 'customerId');
      const method = await findPaymentMethod({ em }, tenant, { id, own });
      const customer = method.customer!;
      if (customerId != null && customerId !== customer.id) throw notFound('payment method', 'paymentMethodId');
      const parameters = { invoice_settings: { default_payment_method: method.stripePaymentMethodId } };
      const { id: ownerId, stripeCustomerId, evidence: basis } = customer;
      return { ownerId, stripeCustomerId: stripeCustomerId!, basis, parameters };
    },
    send: ({ stripeCustomerId, parameters }, options) => stripe.customers.update(stripeCustomerId, parameters, options),
    fields: { 'invoice_settings[default_payment_method]': 'paymentMethodId', id: 'customerId' },
    async record(em, { ownerId: id, basis }, object) {
      await recordCustomer({ em, log, operation }, tenant, { id, object, basis });
      return input.paymentMethodId;
    },
  });
}
