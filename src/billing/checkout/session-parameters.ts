import type Stripe from 'stripe';
import { routingMetadata, type Tenant } from '../../tenant.ts';
import { sharedCurrencies } from '../pricing/shared-currencies.ts';
import type { Buyer } from './choose-buyer.ts';
import type { Line } from './choose-lines.ts';
import type { NewCheckoutSession, TrialEnd } from './new-checkout-session.ts';

/** All that was decided of a session. */
export type Decided = Pick<
  NewCheckoutSession,
  | 'mode'
  | 'currency'
  | 'trialDays'
  | 'trialWithoutCard'
  | 'allowPromotionCodes'
  | 'expiresInMinutes'
  | 'successUrl'
  | 'cancelUrl'
  | 'metadata'
> & {
  buyer: Buyer;
  lines: Line[];
  automaticTax: boolean;
  /** Stripe's id. */
  promotionCode: string | null;
};

type Parameters = Stripe.Checkout.SessionCreateParams;

/**
 * What Stripe is asked for. The metadata of the session, and of the subscription or payment that comes of it, names the project: with
 * a guest's purchase comes a customer who is not known here, and belongs where the purchase does.
 * @param id our id of the session.
 */
export function sessionParameters(tenant: Omit<Tenant, 'connectionId'>, decided: Decided, id: string): Parameters {
  const { mode, buyer, lines, expiresInMinutes, promotionCode, automaticTax } = decided;
  const { customer } = buyer;
  const metadata = {
    ...(decided.metadata as Record<string, string>),
    ...routingMetadata(tenant),
    ...(customer && { billgraph_customer_id: customer.id }),
  };
  return {
    mode: stripeModes[mode],
    ...(customer
      ? { customer: customer.stripeCustomerId!, client_reference_id: customer.id }
      : { customer_email: buyer.email! }),
    ...currencyOf(decided),
    line_items: lines.length ? lines.map(lineItemOf) : undefined,
    ...(promotionCode && { discounts: [{ promotion_code: promotionCode }] }),
    ...(decided.allowPromotionCodes && { allow_promotion_codes: true }),
    ...(automaticTax && taxed(buyer)),
    ...(expiresInMinutes != null && { expires_at: expiryOf(expiresInMinutes) }),
    success_url: decided.successUrl,
    cancel_url: decided.cancelUrl,
    metadata: { ...metadata, billgraph_id: id },
    ...ofMode(decided, { metadata: { ...metadata, billgraph_checkout_session_id: id } }),
  };
}

const stripeModes = { SUBSCRIPTION: 'subscription', PAYMENT: 'payment', SETUP: 'setup' } as const;

/** Stripe's bounds by Stripe's clock, half an hour and a day, with some seconds to get there. */
function expiryOf(minutes: number): number {
  const seconds = Math.min(Math.max(minutes * 60, 1_815), 86_385);
  return Math.floor(Date.now() / 1000) + seconds;
}

/** Stripe takes the own currency of the prices for granted. Where they have only another one in common, it wants to be told. */
function currencyOf({ lines, currency }: Pick<Decided, 'lines' | 'currency'>): Partial<Parameters> {
  const prices = lines.map(({ price }) => price);
  const isOne = new Set(prices.map((price) => price.currency)).size <= 1;
  const chosen = currency ?? (isOne ? null : sharedCurrencies(prices)[0]!);
  return chosen === null ? {} : { currency: chosen.toLowerCase() };
}

function lineItemOf({ price, quantity, adjustable }: Line): Stripe.Checkout.SessionCreateParams.LineItem {
  return {
    price: price.stripePriceId,
    ...(quantity !== null && { quantity }),
    ...(adjustable && { adjustable_quantity: { enabled: true, ...adjustable } }),
  };
}

/**
 * Tax depends on where the buyer is: the page asks, and what a customer says there is kept for the invoices that follow. A guest does
 * not change the address that a customer has.
 */
function taxed({ customer, isGuest }: Buyer): Partial<Parameters> {
  const automatic_tax = { enabled: true };
  if (isGuest && customer?.address?.country) return { automatic_tax };
  return {
    automatic_tax,
    billing_address_collection: 'required',
    ...(customer && { customer_update: { address: 'auto' } }),
  };
}

function ofMode(
  { mode, trialDays, trialWithoutCard, buyer }: Decided,
  ofResult: { metadata: Record<string, string> },
): Partial<Parameters> {
  // Without a price Stripe knows no currency, and then wants to know the kinds of payment method.
  if (mode === 'SETUP') return { setup_intent_data: ofResult, allowed_payment_method_types: ['card'] };
  if (mode === 'PAYMENT')
    return { payment_intent_data: ofResult, ...(buyer.customer ? {} : { customer_creation: 'always' }) };
  const trial = trialDays == null ? {} : { trial_period_days: trialDays };
  if (trialWithoutCard == null) return { subscription_data: { ...ofResult, ...trial } };
  const trial_settings = { end_behavior: { missing_payment_method: trialEnds[trialWithoutCard] } };
  return {
    payment_method_collection: 'if_required',
    subscription_data: { ...ofResult, ...trial, trial_settings },
  };
}

const trialEnds = {
  CANCEL: 'cancel',
  PAUSE: 'pause',
  CREATE_INVOICE: 'create_invoice',
} as const satisfies Record<TrialEnd, string>;
