import type Stripe from 'stripe';
import { checkCharge, checkEmail, checkMetadata, checkText } from '../../check-input.ts';
import { recordAnswer } from '../../ingestion/mirror/record-answer.ts';
import { routingMetadata, type Tenant } from '../../tenant.ts';
import { findCustomer } from '../customers/find-customer.ts';
import { Payment } from '../payments/payment.entity.ts';
import { syncPayments } from '../payments/sync-payments.ts';
import type { PaymentTools } from './payment-tools.ts';

export type NewPaymentIntent = {
  /** In minor units. */
  amount: bigint;
  /** ISO 4217, upper case. */
  currency: string;
  /** Null: a guest pays. */
  customerId?: string | null;
  receiptEmail?: string | null;
  description?: string | null;
  metadata?: Record<string, unknown> | null;
};

/**
 * Begins a payment in Stripe, and makes its row from what Stripe answers. A browser pays it with the secret, which is kept nowhere
 * but in the sealed answer.
 * @returns the id of the row, and the secret.
 * @throws Refusal BAD_USER_INPUT; NOT_FOUND for a customer that the tenant does not have; STRIPE_ERROR.
 */
export async function createPaymentIntent(
  { stripe, operation, log }: PaymentTools,
  tenant: Tenant,
  input: NewPaymentIntent,
): Promise<{ paymentId: string; clientSecret: string }> {
  const parameters = parametersOf(input);
  const metadata = { ...checkMetadata(input.metadata ?? {}, 'metadata'), ...routingMetadata(tenant) };
  return operation.askStripe({
    async prepare(em): Promise<Stripe.PaymentIntentCreateParams> {
      if (input.customerId == null) return { ...parameters, metadata };
      const { id, stripeCustomerId } = await findCustomer({ em }, tenant, input.customerId);
      return { ...parameters, customer: stripeCustomerId!, metadata: { ...metadata, billgraph_customer_id: id } };
    },
    send: (parameters, options) => stripe.paymentIntents.create(parameters, options),
    async record(em, _parameters, object) {
      const answered = { type: 'payment_intent', id: object.id, object, basis: 0 };
      await recordAnswer({ em, log, operation, sync: syncPayments }, tenant, answered);
      const { connectionId } = tenant;
      const { id } = await em.findOneOrFail(Payment, { connectionId, stripePaymentIntentId: object.id });
      return { paymentId: id, clientSecret: object.client_secret! };
    },
  });
}

function parametersOf({ amount, currency, receiptEmail, description }: NewPaymentIntent) {
  return {
    amount: checkCharge({ amount, currency }, 'amount'),
    currency: currency.toLowerCase(),
    ...(receiptEmail == null ? {} : { receipt_email: checkEmail(receiptEmail, 'receiptEmail') }),
    ...(description == null ? {} : { description: checkText(description, 'description', { max: 1_000 }) }),
  };
}
