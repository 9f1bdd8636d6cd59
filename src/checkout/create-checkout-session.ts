import type Stripe from 'stripe';
import { checkMetadata } from '../check-input.ts';
import { findCustomer } from '../customers/find-customer.ts';
import { badInput } from '../errors.ts';
import { newId } from '../ids.ts';
import type { Operation } from '../operations/operation.ts';
import { checkRedirects } from '../projects/check-redirects.ts';
import { routingMetadata, type Tenant } from '../tenant.ts';
import { type CheckoutMode, CheckoutSession } from './checkout-session.entity.ts';
import { choosePrice } from './choose-price.ts';

export type NewCheckoutSession = {
  customerId: string;
  /** Whether a customer token asks: see choosePrice. */
  bySelfService: boolean;
  priceId?: string | null;
  /** A plan's name, instead of a price. */
  plan?: string | null;
  mode: CheckoutMode;
  quantity?: number | null;
  trialDays?: number | null;
  successUrl: string;
  cancelUrl: string;
  metadata?: Record<string, unknown> | null;
};

/**
 * Opens a Checkout Session in Stripe. Nothing is sold yet: the subscription becomes true when Stripe says so.
 * @throws Refusal BAD_USER_INPUT with the field; NOT_FOUND for a customer or price that this tenant does not have; STRIPE_ERROR.
 */
export async function createCheckoutSession(
  { stripe, operation, publicUrl }: { stripe: Stripe; operation: Operation; publicUrl: string },
  { teamId, ...tenant }: Tenant,
  input: NewCheckoutSession,
): Promise<{ sessionId: string; url: string; expiresAt: Date }> {
  checkForm(input);
  return operation.askStripe({
    async prepare(em) {
      const { successUrl, cancelUrl } = input;
      await checkRedirects({ em, publicUrl }, tenant, { successUrl, cancelUrl });
      const customer = await findCustomer({ em }, tenant, input.customerId);
      const price = await choosePrice({ em }, tenant, input);
      const session = em.create(CheckoutSession, { id: newId('pcs'), ...tenant, customer, price, mode: input.mode });
      return { id: session.id, parameters: parametersOf(input, session, routingMetadata({ teamId, ...tenant })) };
    },
    subjectOf: ({ id }) => id,
    send: ({ parameters }, options) => stripe.checkout.sessions.create(parameters, options),
    async record(em, { id }, made) {
      const session = await em.findOneOrFail(CheckoutSession, { id });
      session.stripeSessionId = made.id;
      session.status ??= 'OPEN';
      session.expiresAt = new Date(made.expires_at * 1000);
      return { sessionId: made.id, url: made.url!, expiresAt: session.expiresAt };
    },
    async undo(em, { id }) {
      await em.nativeDelete(CheckoutSession, { id, stripeSessionId: null });
    },
  });
}

function checkForm(input: NewCheckoutSession) {
  checkMetadata(input.metadata ?? {}, 'metadata');
  const { mode, priceId, plan, quantity, trialDays } = input;
  if (priceId != null && plan != null) throw badInput('Give a price or a plan, not both.', 'plan');
  if (mode === 'SETUP' && priceId != null)
    throw badInput('Mode SETUP only saves a payment method. Leave the price out.', 'priceId');
  if (mode === 'SETUP' && plan != null)
    throw badInput('Mode SETUP only saves a payment method. Leave the plan out.', 'plan');
  if (mode === 'SETUP' && quantity != null)
    throw badInput('Mode SETUP only saves a payment method. Leave the quantity out.', 'quantity');
  if (quantity != null && (quantity < 1 || quantity > 999_999))
    throw badInput('The quantity is from 1 to 999,999.', 'quantity');
  if (trialDays == null) return;
  if (mode !== 'SUBSCRIPTION')
    throw badInput('Only a subscription has a trial. Leave trialDays out, or use mode SUBSCRIPTION.', 'trialDays');
  if (trialDays < 1 || trialDays > 730) throw badInput('A trial lasts from 1 to 730 days.', 'trialDays');
}

function parametersOf(
  input: NewCheckoutSession,
  { id, customer, price }: CheckoutSession,
  routing: Record<string, string>,
): Stripe.Checkout.SessionCreateParams {
  const metadata = { ...(input.metadata as Record<string, string>), ...routing, billgraph_customer_id: customer.id };
  const ofResult = { metadata: { ...metadata, billgraph_checkout_session_id: id } };
  const forMode = {
    SUBSCRIPTION: { subscription_data: { ...ofResult, trial_period_days: input.trialDays ?? undefined } },
    PAYMENT: { payment_intent_data: ofResult },
    // Without a price Stripe knows no currency, and then wants to know the kinds of payment method.
    SETUP: { setup_intent_data: ofResult, allowed_payment_method_types: ['card' as const] },
  };
  return {
    mode: stripeModes[input.mode],
    customer: customer.stripeCustomerId!,
    line_items: price ? [{ price: price.stripePriceId, quantity: input.quantity ?? 1 }] : undefined,
    success_url: input.successUrl,
    cancel_url: input.cancelUrl,
    client_reference_id: customer.id,
    metadata: { ...metadata, billgraph_id: id },
    ...forMode[input.mode],
  };
}

const stripeModes = { SUBSCRIPTION: 'subscription', PAYMENT: 'payment', SETUP: 'setup' } as const;
