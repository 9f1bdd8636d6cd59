import type { BaseLogger } from 'pino';
import type Stripe from 'stripe';
import { badInput, conflict, notFound } from '../../errors.ts';
import { recordAnswer } from '../../ingestion/mirror/record-answer.ts';
import { idOf } from '../../ingestion/mirror/seen.ts';
import { laneOf } from '../../ingestion/mirror/stripe-lane.ts';
import { wakeLanes } from '../../lanes/wake-lanes.ts';
import type { Operation, StripeOptions } from '../../operations/operation.ts';
import type { Tenant } from '../../tenant.ts';
import { CheckoutSession } from '../checkout/checkout-session.entity.ts';
import { findCustomer } from '../customers/find-customer.ts';
import { recordCustomer } from '../customers/record-customer.ts';
import { PaymentMethod } from './payment-method.entity.ts';
import { syncPaymentMethods } from './sync-payment-methods.ts';

type Tools = { stripe: Stripe; operation: Operation; log: Pick<BaseLogger, 'warn'> };

type Input = {
  /** Stripe's id, `cs_…`, or ours. */
  checkoutSessionId: string;
  /** The customer whose token asks; null where a backend asks. */
  ownCustomerId: string | null;
};

const field = 'checkoutSessionId';

/**
 * Has the payment method that a checkout of mode SETUP saved pay everything from now on: it becomes the customer's default, and that of
 * every live subscription that names another one.
 * @returns the id of the customer.
 * @throws Refusal NOT_FOUND for a session that is not the caller's; BAD_USER_INPUT for one of another mode; CONFLICT where nothing was saved
 * yet; STRIPE_ERROR.
 */
export async function setDefaultFromCheckout(
  { stripe, operation, log }: Tools,
  tenant: Tenant,
  { checkoutSessionId, ownCustomerId }: Input,
): Promise<string> {
  const { projectId, environment } = tenant;
  const side = { projectId, environment };
  return operation.askStripe({
    async prepare(em) {
      const which = checkoutSessionId.startsWith('cs_')
        ? { stripeSessionId: checkoutSessionId.replaceAll('\0', '') }
        : { id: checkoutSessionId.replaceAll('\0', '') };
      const session = await em.findOne(CheckoutSession, { ...which, ...side });
      const customerId = session?.customer?.id;
      if (!session?.stripeSessionId || !customerId || (ownCustomerId !== null && ownCustomerId !== customerId))
        throw notFound('checkout session', field);
      if (session.mode !== 'SETUP')
        throw badInput('Only a checkout of mode SETUP saves a payment method alone.', field);
      const { id, stripeCustomerId, evidence: basis } = await findCustomer({ em }, side, customerId);
      return { id, stripeCustomerId: stripeCustomerId!, basis, stripeSessionId: session.stripeSessionId };
    },
    async send({ stripeCustomerId, stripeSessionId }, options, progress) {
      const method = await savedMethod({ stripe }, stripeSessionId);
      const settings = { invoice_settings: { default_payment_method: method.id } };
      const customer = await stripe.customers.update(stripeCustomerId, settings, options);
      progress.part = true;
      await switchSubscriptions({ stripe }, { stripeCustomerId, methodId: method.id }, options);
      return { customer, method };
    },
    async record(em, { id, basis }, { customer, method }, note) {
      const tools = { em, log, operation };
      const known = await em.findOne(PaymentMethod, { stripePaymentMethodId: method.id, ...side });
      const saved = { type: 'payment_method', id: method.id, object: method, basis: known?.evidence ?? 0 };
      await recordAnswer({ ...tools, sync: syncPaymentMethods }, tenant, saved);
      await recordCustomer(tools, tenant, { id, object: customer, basis });
      note({ subjectType: 'Customer', subjectId: id, after: { stripeDefaultPaymentMethodId: method.id } });
      return id;
    },
    /** The customer pays by it, and a subscription of his goes on with another. */
    async recordPart(em, { id, stripeCustomerId }, note) {
      note({ subjectType: 'Customer', subjectId: id, after: { defaultFromCheckout: checkoutSessionId } });
      const lane = laneOf({ connectionId: tenant.connectionId, object: 'customer', id: stripeCustomerId });
      await wakeLanes(em, [lane]);
      operation.waitForLane(lane);
    },
  });
}

/** @throws Refusal CONFLICT where the customer has not finished. */
async function savedMethod(
  { stripe }: { stripe: Stripe },
  stripeSessionId: string,
): Promise<Stripe.Response<Stripe.PaymentMethod>> {
  const { setup_intent: setup } = await stripe.checkout.sessions.retrieve(stripeSessionId, {
    expand: ['setup_intent'],
  });
  const isDone = setup && typeof setup === 'object' && setup.status === 'succeeded' && setup.payment_method;
  if (!isDone) throw conflict('Nothing was saved by this checkout yet. The customer finishes it first.', field);
  return stripe.paymentMethods.retrieve(idOf(setup.payment_method!));
}

/** A subscription that was bought in a checkout names what it was paid with, which wins over the customer's default. */
async function switchSubscriptions(
  { stripe }: { stripe: Stripe },
  { stripeCustomerId: customer, methodId }: { stripeCustomerId: string; methodId: string },
  { idempotencyKey, maxNetworkRetries }: StripeOptions,
): Promise<void> {
  for await (const { id, ended_at, default_payment_method: own } of stripe.subscriptions.list({
    customer,
    limit: 100,
  })) {
    if (ended_at !== null || own === null || idOf(own) === methodId) continue;
    const options = { idempotencyKey: `${idempotencyKey}/${id}`, maxNetworkRetries };
    await stripe.subscriptions.update(id, { default_payment_method: methodId }, options);
  }
}
