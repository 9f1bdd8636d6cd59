import type Stripe from 'stripe';
import { subscribedEventTypes } from '../../ingestion/webhooks/event-types.ts';
import { stripeApiVersion } from '../../stripe/api-version.ts';
import type { StripeConnection } from '../connections/stripe-connection.entity.ts';
import { ensureEventDestination } from './ensure-event-destination.ts';
import { replaceWebhookEndpoint } from './replace-webhook-endpoint.ts';
import { deleteWebhookEndpoint, missingEventTypes, webhookEndpointsOf, webhookUrl } from './webhook-endpoint.ts';
import type { WebhookEndpointTools } from './webhook-endpoint-tools.ts';

/** How long an endpoint of another API version goes on beside the one that replaces it, in seconds. */
const overlap = 3_600;

/**
 * Makes Stripe deliver the connection's events to this server, all that we need, in the API version that we read: there is
 * one endpoint afterwards (and one that retires, where it was replaced). An endpoint of ours whose secret nobody knows, since
 * the start that made it was cut off, gives way to a new one. Beside it is the destination of thin events.
 */
export async function ensureWebhookEndpoint(
  tools: WebhookEndpointTools,
  connection: StripeConnection,
  publicUrl: string,
): Promise<void> {
  const { stripe } = tools;
  const url = webhookUrl(publicUrl, connection.id);
  const endpoints = await webhookEndpointsOf(stripe, connection);
  const current = endpoints.find(({ id }) => id === connection.stripeWebhookEndpointId);
  const strangers = endpoints.filter(
    ({ id }) => id !== connection.stripeWebhookEndpointId && id !== connection.retiringWebhookEndpointId,
  );
  if (current?.api_version === stripeApiVersion) await mend(stripe, current, url);
  else await replaceWebhookEndpoint(tools, connection, { url, overlap });
  for (const { id } of strangers) await deleteWebhookEndpoint(stripe, id);
  await ensureEventDestination(tools, connection, url);
}

async function mend(stripe: Stripe, endpoint: Stripe.WebhookEndpoint, url: string) {
  const isWell = endpoint.url === url && endpoint.status === 'enabled' && !missingEventTypes(endpoint).length;
  if (isWell) return;
  await stripe.webhookEndpoints.update(endpoint.id, {
    url,
    enabled_events: [...subscribedEventTypes],
    disabled: false,
  });
}
