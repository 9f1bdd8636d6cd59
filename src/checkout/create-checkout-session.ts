import type { EntityManager } from '@mikro-orm/core';
import type Stripe from 'stripe';
import { Price } from '../catalog/price.entity.ts';
import { checkMetadata, checkRedirectUrl } from '../check-input.ts';
import { findCustomer } from '../customers/find-customer.ts';
import { badInput, notFound } from '../errors.ts';
import { isId, newId } from '../ids.ts';
import { routingMetadata, type Tenant } from '../tenant.ts';
import { type CheckoutMode, CheckoutSession } from './checkout-session.entity.ts';

export type NewCheckoutSession = {
  customerId: string;
  priceId?: string | null;
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
  { em, stripe }: { em: EntityManager; stripe: Stripe },
  { teamId, ...tenant }: Tenant,
  input: NewCheckoutSession,
): Promise<{ sessionId: string; url: string; expiresAt: Date }> {
  checkForm(input);
  const customer = await findCustomer({ em }, tenant, input.customerId);
  const price = await findPrice({ em }, tenant, input);

  const session = em.create(CheckoutSession, { id: newId('pcs'), ...tenant, customer, price, mode: input.mode });
  await em.flush();
  const parameters = parametersOf(input, session, routingMetadata({ teamId, ...tenant }));
  const created = await stripe.checkout.sessions
    .create(parameters, { idempotencyKey: session.id })
    .catch(async (failure) => {
      // If Stripe made one, nobody knows its address, and it expires unpaid.
      await em.remove(session).flush();
      throw failure;
    });
  session.stripeSessionId = created.id;
  session.status = 'OPEN';
  session.expiresAt = new Date(created.expires_at * 1000);
  await em.flush();
  return { sessionId: created.id, url: created.url!, expiresAt: session.expiresAt };
}

function checkForm(input: NewCheckoutSession) {
  checkRedirectUrl(input.successUrl, 'successUrl');
  checkRedirectUrl(input.cancelUrl, 'cancelUrl');
  checkMetadata(input.metadata ?? {}, 'metadata');
  const { mode, priceId, quantity, trialDays } = input;
  if (mode === 'SETUP' && priceId != null)
    throw badInput('Mode SETUP only saves a payment method. Leave the price out.', 'priceId');
  if (mode === 'SETUP' && quantity != null)
    throw badInput('Mode SETUP only saves a payment method. Leave the quantity out.', 'quantity');
  if (mode !== 'SETUP' && priceId == null) throw badInput(`Mode ${mode} needs a price.`, 'priceId');
  if (quantity != null && (quantity < 1 || quantity > 999_999))
    throw badInput('The quantity is from 1 to 999,999.', 'quantity');
  if (trialDays == null) return;
  if (mode !== 'SUBSCRIPTION')
    throw badInput('Only a subscription has a trial. Leave trialDays out, or use mode SUBSCRIPTION.', 'trialDays');
  if (trialDays < 1 || trialDays > 730) throw badInput('A trial lasts from 1 to 730 days.', 'trialDays');
}

type Scope = Omit<Tenant, 'teamId'>;

async function findPrice({ em }: { em: EntityManager }, { projectId, environment }: Scope, input: NewCheckoutSession) {
  if (input.priceId == null) return null;
  const id = input.priceId;
  const price = isId('pri', id) && (await em.findOne(Price, { id, projectId, environment }, { populate: ['product'] }));
  if (!price) throw notFound('price', 'priceId');
  if (!price.active || !price.product.active) throw badInput('This price is archived. Use an active one.', 'priceId');
  if (input.mode === 'SUBSCRIPTION' && price.type === 'ONE_TIME')
    throw badInput('This price is paid once. Use mode PAYMENT, or a recurring price.', 'priceId');
  if (input.mode === 'PAYMENT' && price.type === 'RECURRING')
    throw badInput('This price recurs. Use mode SUBSCRIPTION, or a one-time price.', 'priceId');
  return price;
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
