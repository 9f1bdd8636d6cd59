import type { EntityManager } from '@mikro-orm/core';
import type { Environment } from '../../environment.ts';
import { newId } from '../../ids.ts';
import type { Sealer } from '../../sealing/sealing.ts';
import { createStripe } from '../../stripe/stripe-connections.ts';
import { Team } from '../teams/team.entity.ts';
import { StripeConnection } from './stripe-connection.entity.ts';

/**
 * Connects a team's Stripe account in one environment, after asking Stripe whose key it is.
 * @param input.webhookSecret of an endpoint that exists already (`stripe listen`, say); without it see ensureWebhookEndpoint.
 * @throws Stripe's error for a key that it refuses.
 */
export async function connectStripe(
  { em, sealer, apiUrl }: { em: EntityManager; sealer: Sealer; apiUrl: string },
  input: { teamId: string; environment: Environment; secretKey: string; webhookSecret?: string },
): Promise<StripeConnection> {
  const account = await createStripe(input.secretKey, apiUrl).accounts.retrieveCurrent();
  const id = newId('conn');
  const connection = em.create(StripeConnection, {
    id,
    team: em.getReference(Team, input.teamId),
    environment: input.environment,
    stripeAccountId: account.id,
    sealedSecretKey: sealer.seal(input.secretKey, id),
    sealedWebhookSecrets: input.webhookSecret ? [sealer.seal(input.webhookSecret, id)] : [],
  });
  await em.flush();
  return connection;
}
