import type { EntityManager } from '@mikro-orm/core';
import type { BaseLogger } from 'pino';
import type Stripe from 'stripe';
import { conflict, notFound } from '../../errors.ts';
import { isId } from '../../ids.ts';
import { recordAnswer } from '../../ingestion/mirror/record-answer.ts';
import type { Operation } from '../../operations/operation.ts';
import type { Tenant } from '../../tenant.ts';
import { CheckoutSession, type CheckoutStatus } from './checkout-session.entity.ts';
import { syncCheckoutSessions } from './sync-checkout-sessions.ts';

type Tools = { stripe: Stripe; operation: Operation; log: Pick<BaseLogger, 'warn'> };

/**
 * Closes a session that nobody has paid: its page takes no more payments.
 * @param input.checkoutSessionId ours or Stripe's.
 * @param input.customerId whose it must be; null for anybody's of the project.
 * @returns our id.
 * @throws Refusal NOT_FOUND; CONFLICT where it is complete or has expired; STRIPE_ERROR.
 */
export async function expireCheckoutSession(
  { stripe, operation, log }: Tools,
  tenant: Tenant,
  { checkoutSessionId, customerId }: { checkoutSessionId: string; customerId: string | null },
): Promise<string> {
  return operation
    .askStripe({
      async prepare(em) {
        const session = await findSession(em, tenant, { checkoutSessionId, customerId });
        if (session.status !== 'OPEN') throw notOpen(session.status!);
        return { id: session.id, stripeSessionId: session.stripeSessionId!, basis: session.evidence };
      },
      // Where it was paid a moment ago Stripe refuses by its message alone, and we have not been told yet.
      send: ({ stripeSessionId: id }, options) =>
        stripe.checkout.sessions.expire(id, {}, options).catch(async (failure) => {
          if (failure.statusCode !== 400) throw failure;
          const session = await stripe.checkout.sessions.retrieve(id);
          if (session.status === 'open') throw failure;
          return session;
        }),
      async record(em, { id, stripeSessionId, basis }, object) {
        const answered = { type: 'checkout.session', id: stripeSessionId, object, basis };
        await recordAnswer({ em, log, operation, sync: syncCheckoutSessions }, tenant, answered);
        return { id, status: object.status };
      },
    })
    .then(({ id, status }) => {
      if (status === 'complete') throw notOpen('COMPLETE');
      return id;
    });
}

async function findSession(
  em: EntityManager,
  { projectId, environment }: Pick<Tenant, 'projectId' | 'environment'>,
  { checkoutSessionId: id, customerId }: { checkoutSessionId: string; customerId: string | null },
): Promise<CheckoutSession> {
  const named = isId('pcs', id) ? { id } : /^cs_\w{1,250}$/.test(id) ? { stripeSessionId: id } : null;
  const session =
    named &&
    (await em.findOne(CheckoutSession, {
      ...named,
      projectId,
      environment,
      status: { $ne: null },
      ...(customerId && { customer: customerId }),
    }));
  if (!session?.stripeSessionId) throw notFound('checkout session', 'checkoutSessionId');
  return session;
}

const notOpen = (status: CheckoutStatus) =>
  conflict(
    status === 'COMPLETE'
      ? 'This session is complete: the buyer is done. What came of it is in checkoutSession.'
      : 'This session has expired already.',
    'checkoutSessionId',
  );
