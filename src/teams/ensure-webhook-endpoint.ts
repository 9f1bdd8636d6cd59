import type { EntityManager } from '@mikro-orm/core';
import Stripe from 'stripe';
import type { Sealer } from '../access/sealing.ts';
import { subscribedEventTypes } from '../webhooks/event-types.ts';
import type { StripeConnection } from './stripe-connection.entity.ts';

/**
 * Makes Stripe deliver the connection's events to this server, in the API version that we read: creates the endpoint once,
 * and moves it where the server's address has changed.
 */
export async function ensureWebhookEndpoint(
  { em, stripe, sealer }: { em: EntityManager; stripe: Stripe; sealer: Sealer },
  connection: StripeConnection,
  publicUrl: string,
): Promise<void> {
  const url = `${publicUrl}/webhooks/stripe/${connection.id}`;
  const enabled_events = [...subscribedEventTypes];
  const existing = await find(stripe, connection.stripeWebhookEndpointId);
  if (existing) {
    if (existing.url !== url) await stripe.webhookEndpoints.update(existing.id, { url, enabled_events });
    return;
  }
  const endpoint = await stripe.webhookEndpoints.create({
    url,
    enabled_events,
    api_version: Stripe.API_VERSION as Stripe.WebhookEndpointCreateParams.ApiVersion,
  });
  connection.stripeWebhookEndpointId = endpoint.id;
  connection.sealedWebhookSecrets = [sealer.seal(endpoint.secret!, connection.id)];
  await em.flush();
}

/** The endpoint in Stripe; undefined where there is none, or somebody deleted it in the dashboard. */
async function find(stripe: Stripe, id: string | null | undefined): Promise<Stripe.WebhookEndpoint | undefined> {
  if (!id) return undefined;
  try {
    return await stripe.webhookEndpoints.retrieve(id);
  } catch (failure) {
    if (failure instanceof Stripe.errors.StripeError && failure.statusCode === 404) return undefined;
    throw failure;
  }
}
