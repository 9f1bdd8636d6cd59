import type { EntityManager } from '@mikro-orm/core';
import type Stripe from 'stripe';
import type { Refusal } from '../../errors.ts';
import { newId } from '../../ids.ts';
import type { Operation } from '../../operations/operation.ts';
import type { InputFields } from '../../stripe/input-fields.ts';
import { checkRedirects } from '../../tenancy/projects/check-redirects.ts';
import { findSettings } from '../../tenancy/projects/find-settings.ts';
import type { Tenant } from '../../tenant.ts';
import { checkCheckout } from './check-checkout.ts';
import { CheckoutSession } from './checkout-session.entity.ts';
import { chooseBuyer } from './choose-buyer.ts';
import { chooseLines } from './choose-lines.ts';
import { choosePromotionCode, listPromotionCodes } from './choose-promotion-code.ts';
import type { NewCheckoutSession, OpenedSession } from './new-checkout-session.ts';
import { answerRepeated, beingOpened, findRepeated, fingerprintOf } from './repeated-session.ts';
import { type Decided, sessionParameters } from './session-parameters.ts';

type Tools = { em: EntityManager; stripe: Stripe; operation: Operation; publicUrl: string };

/**
 * Opens a Checkout Session in Stripe. Nothing is sold yet: the subscription becomes true when Stripe says so. Where the caller gives no
 * key, the same call within half a minute is answered with the session that is open: a double click makes one.
 * @throws Refusal BAD_USER_INPUT with the field; FORBIDDEN for what a customer token may not say; NOT_FOUND for a customer, price, plan
 * or promotion code that this tenant does not have; CONFLICT; STRIPE_ERROR.
 */
export async function createCheckoutSession(
  { em, stripe, operation, publicUrl }: Tools,
  { teamId, ...tenant }: Tenant,
  input: NewCheckoutSession,
): Promise<OpenedSession> {
  checkCheckout(input);
  const codes = input.promotionCode == null ? null : await lookForCodes(input.promotionCode);
  let repeated: string | null = null;
  let wait: Refusal | undefined;
  const opening = operation.askStripe({
    async prepare(em) {
      const decided = await decide({ em, publicUrl }, tenant, { input, codes });
      const parameters = (id: string) => sessionParameters({ teamId, ...tenant }, decided, id);
      const fingerprint = operation.keyed
        ? null
        : fingerprintOf({ ...parameters(''), expires_at: input.expiresInMinutes });
      repeated = fingerprint && (await findRepeated({ em }, tenant, fingerprint));
      if (repeated) throw new Repeated();
      const { buyer, lines } = decided;
      const id = newId('pcs');
      const { customer } = buyer;
      em.create(CheckoutSession, { id, ...tenant, customer, price: lines[0]?.price, mode: input.mode, fingerprint });
      return { id, parameters: parameters(id) };
    },
    subjectOf: ({ id }) => id,
    fields: fieldsOf(input),
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
    async orResume(failure) {
      if (!(failure instanceof Repeated)) throw failure;
      wait = beingOpened();
      return { subjectId: repeated, refusal: wait };
    },
  });
  return opening.catch((failure) => {
    if (failure !== wait || !repeated) throw failure;
    return answerRepeated({ em, stripe }, tenant, repeated);
  });

  /** Stripe is asked for them outside of the transaction that decides, and not for a call that is refused without. */
  async function lookForCodes(code: string): Promise<Stripe.PromotionCode[]> {
    if (!operation.resumed) await decide({ em, publicUrl }, tenant, { input, codes: null });
    return listPromotionCodes({ stripe }, code);
  }
}

/** Where Stripe refuses after all: what each of its parameters is here. */
function fieldsOf({ lineItems, plan }: NewCheckoutSession): InputFields {
  const sold = plan == null ? 'priceId' : 'plan';
  return {
    'discounts[*][promotion_code]': 'promotionCode',
    'line_items[*][price]': lineItems ? 'lineItems.*.priceId' : sold,
    'line_items[*][quantity]': lineItems ? 'lineItems.*.quantity' : 'quantity',
    line_items: lineItems ? 'lineItems' : sold,
    'subscription_data[trial_period_days]': 'trialDays',
    expires_at: 'expiresInMinutes',
  };
}

/** The same call was there a moment ago. */
class Repeated extends Error {}

async function decide(
  { em, publicUrl }: Pick<Tools, 'em' | 'publicUrl'>,
  side: Pick<Tenant, 'projectId' | 'environment'>,
  { input, codes }: { input: NewCheckoutSession; codes: Stripe.PromotionCode[] | null },
): Promise<Decided> {
  const { successUrl, cancelUrl } = input;
  await checkRedirects({ em, publicUrl }, side, { successUrl, cancelUrl });
  const buyer = await chooseBuyer({ em }, side, input);
  const lines = await chooseLines({ em }, side, input);
  const { automaticTax } = await findSettings({ em }, side);
  return {
    ...input,
    buyer,
    lines,
    automaticTax: input.mode !== 'SETUP' && (input.automaticTax ?? automaticTax),
    promotionCode: codes && choosePromotionCode(codes, buyer.customer?.stripeCustomerId ?? null),
  };
}
