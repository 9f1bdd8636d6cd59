import type { StripeConnection } from '../connections/stripe-connection.entity.ts';
import { ensureEventDestination } from './ensure-event-destination.ts';
import { ensureWebhookEndpoint } from './ensure-webhook-endpoint.ts';
import { isGivenByHand, webhookUrl } from './webhook-endpoint.ts';
import type { WebhookEndpointTools } from './webhook-endpoint-tools.ts';

/**
 * Mends what Stripe delivers to a connection: its webhook endpoint, and the destination of thin events beside it. An endpoint
 * whose secret was configured stays as it is: one of ours beside it would lose its secret to the configured one with the next start.
 */
export async function mendDeliveries(
  tools: WebhookEndpointTools,
  connection: StripeConnection,
  publicUrl: string,
): Promise<void> {
  if (isGivenByHand(connection)) await ensureEventDestination(tools, connection, webhookUrl(publicUrl, connection.id));
  else await ensureWebhookEndpoint(tools, connection, publicUrl);
}
