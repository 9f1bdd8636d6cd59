import { laneOf } from '../../ingestion/mirror/stripe-lane.ts';
import { wakeLanes } from '../../lanes/wake-lanes.ts';
import type { Tenant } from '../../tenant.ts';
import { findPaymentMethod } from './find-payment-method.ts';
import type { PaymentMethodTools } from './set-default-payment-method.ts';

/**
 * Takes a payment method from its customer, in Stripe for good. The worker asks Stripe for it right away, and writes the row,
 * which is nobody's then: a customer's token has no right to such a one.
 * @param own the customer whom a customer token speaks for. Null for a key.
 * @returns the id of the row.
 * @throws Refusal NOT_FOUND; STRIPE_ERROR.
 */
export async function detachPaymentMethod(
  { stripe, operation }: Pick<PaymentMethodTools, 'stripe' | 'operation'>,
  tenant: Tenant,
  { paymentMethodId }: { paymentMethodId: string },
  own: string | null,
): Promise<string> {
  return operation.askStripe({
    async prepare(em) {
      const { stripePaymentMethodId } = await findPaymentMethod({ em }, tenant, { id: paymentMethodId, own });
      return { stripePaymentMethodId };
    },
    send: ({ stripePaymentMethodId: id }, options) => stripe.paymentMethods.detach(id, {}, options),
    fields: { id: 'paymentMethodId', payment_method: 'paymentMethodId' },
    async record(em, { stripePaymentMethodId: id }, _detached, note) {
      const lane = laneOf({ connectionId: tenant.connectionId, object: 'payment_method', id });
      await wakeLanes(em, [lane]);
      operation.waitForLane(lane);
      note({ subjectType: 'PaymentMethod', subjectId: paymentMethodId, after: { detached: true } });
      return paymentMethodId;
    },
  });
}
