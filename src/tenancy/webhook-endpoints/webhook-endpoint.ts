import type Stripe from 'stripe';
import { subscribedEventTypes } from '../../ingestion/webhooks/event-types.ts';
import { isNoSuchObject } from '../../stripe/stripe-trouble.ts';
import type { StripeConnection } from '../connections/stripe-connection.entity.ts';

/** Where Stripe delivers the events of a connection. */
export const webhookUrl = (publicUrl: string, connectionId: string) => `${publicUrl}${pathOf(connectionId)}`;

/** Whether an address names the connection, wherever the server was. */
export const isUrlOf = (url: string | null | undefined, connectionId: string) => !!url?.endsWith(pathOf(connectionId));

const pathOf = (connectionId: string) => `/webhooks/stripe/${connectionId}`;

/** The endpoints in Stripe that are the connection's: by their id, or by an address that names it, wherever the server was. */
export async function webhookEndpointsOf(
  stripe: Stripe,
  { id, stripeWebhookEndpointId, retiringWebhookEndpointId }: StripeConnection,
): Promise<Stripe.WebhookEndpoint[]> {
  const all = await stripe.webhookEndpoints.list({ limit: 100 });
  const known = [stripeWebhookEndpointId, retiringWebhookEndpointId];
  return all.data.filter((endpoint) => known.includes(endpoint.id) || isUrlOf(endpoint.url, id));
}

/**
 * Whether the signing secret was configured: somebody made the endpoint in Stripe, or `stripe listen` is one. Stripe does not tell
 * which it is, and it is not ours to change.
 */
export const isGivenByHand = ({ sealedWebhookSecrets, stripeWebhookEndpointId }: StripeConnection): boolean =>
  sealedWebhookSecrets.length > 0 && !stripeWebhookEndpointId;

/** What the endpoint does not ask Stripe for, though we need it. */
export const missingEventTypes = ({ enabled_events }: Pick<Stripe.WebhookEndpoint, 'enabled_events'>): string[] =>
  enabled_events.includes('*') ? [] : subscribedEventTypes.filter((type) => !enabled_events.includes(type));

/** It may be gone already. */
export async function deleteWebhookEndpoint(stripe: Stripe, endpointId: string): Promise<void> {
  await stripe.webhookEndpoints.del(endpointId).catch((failure) => {
    if (!isNoSuchObject(failure)) throw failure;
  });
}
