import { createHash } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import type { EntityManager } from '@mikro-orm/core';
import type Stripe from 'stripe';
import { runStatement } from '../../database/run-statement.ts';
import { Refusal } from '../../errors.ts';
import type { Tenant } from '../../tenant.ts';
import { CheckoutSession } from './checkout-session.entity.ts';
import type { OpenedSession } from './new-checkout-session.ts';

type Side = Pick<Tenant, 'projectId' | 'environment'>;

/** How long the same call is the same session. In milliseconds. */
const moments = 30_000;

/** How long a call waits for the one that came first. In milliseconds. */
const patience = 10_000;
const lookEvery = 50;

/** The same for what Stripe is asked alike. */
export const fingerprintOf = (asked: object) => createHash('sha256').update(JSON.stringify(asked)).digest('hex');

/**
 * The session that the same call opened a moment ago, or is opening. From now on until the transaction ends, no other call looks.
 * @returns our id of it.
 */
export async function findRepeated(
  { em }: { em: EntityManager },
  { projectId, environment }: Side,
  fingerprint: string,
): Promise<string | null> {
  const lock = `checkout ${projectId} ${environment} ${fingerprint}`;
  await runStatement(em, 'select pg_advisory_xact_lock(hashtextextended($1, 0))', [lock]);
  const session = await em.findOne(CheckoutSession, {
    projectId,
    environment,
    fingerprint,
    createdAt: { $gt: new Date(Date.now() - moments) },
    $or: [{ stripeSessionId: null }, { status: 'OPEN' }],
  });
  return session?.id ?? null;
}

/**
 * What the call that came first was answered, as soon as it was.
 * @throws Refusal CONFLICT (retryable) where it was not, or the session is no longer open.
 */
export async function answerRepeated(
  { em, stripe }: { em: EntityManager; stripe: Stripe },
  { projectId, environment }: Side,
  id: string,
): Promise<OpenedSession> {
  for (let waited = 0; waited < patience; waited += lookEvery) {
    const session = await em.findOne(CheckoutSession, { id, projectId, environment }, { refresh: true });
    if (!session) throw beingOpened();
    if (session.stripeSessionId) {
      const { url, status, expires_at } = await stripe.checkout.sessions.retrieve(session.stripeSessionId);
      if (status !== 'open' || !url) throw beingOpened();
      return { sessionId: session.stripeSessionId, url, expiresAt: new Date(expires_at * 1000) };
    }
    await sleep(lookEvery);
  }
  throw beingOpened();
}

export const beingOpened = () =>
  new Refusal('CONFLICT', 'The same session was opened a moment ago. Try again in a moment.', {
    retryable: true,
    retryAfter: 1,
  });
