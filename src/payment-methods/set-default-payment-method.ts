import type { BaseLogger } from 'pino';
import type Stripe from 'stripe';
import { Customer } from '../customers/customer.entity.ts';
import { syncCustomers } from '../customers/sync-customers.ts';
import { notFound } from '../errors.ts';
import { wakeLanes } from '../lanes/wake-lanes.ts';
import { recordAnswer } from '../mirror/record-answer.ts';
import { laneOf } from '../mirror/stripe-lane.ts';
import type { Operation } from '../operations/operation.ts';
import type { Tenant } from '../tenant.ts';
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
    async record(em, { ownerId, basis }, object) {
      const { email } = await em.findOneOrFail(Customer, { id: ownerId });
      const answered = { type: 'customer', id: object.id, object, basis };
      if ((object.email?.trim().toLowerCase() ?? null) === email)
        await recordAnswer({ em, log, operation, sync: syncCustomers }, tenant, answered);
      else {
        // Whether a new address is another customer's, a customer's token cannot see: the worker writes it.
        const lane = laneOf({ connectionId: tenant.connectionId, object: 'customer', id: object.id });
        await wakeLanes(em, [lane]);
        operation.waitForLane(lane);
      }
      return input.paymentMethodId;
    },
  });
}
