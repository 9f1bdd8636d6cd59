import type Stripe from 'stripe';
import { subscribedEventTypes } from '../../ingestion/webhooks/event-types.ts';
import { wakeLanes } from '../../lanes/wake-lanes.ts';
import { stripeApiVersion } from '../../stripe/api-version.ts';
import { StripeConnection } from '../connections/stripe-connection.entity.ts';
import { retirementLaneOf } from './retire-webhook-endpoint.ts';
import { deleteWebhookEndpoint } from './webhook-endpoint.ts';
import type { WebhookEndpointTools } from './webhook-endpoint-tools.ts';

/**
 * Makes a new webhook endpoint, which has a new signing secret: Stripe neither rolls one through its API nor tells it again.
 * The one before goes on beside it, and its secret with it, until it retires. Deliveries of both come twice meanwhile, and
 * the inbox knows an event by its id.
 * @param wanted.overlap seconds.
 */
export async function replaceWebhookEndpoint(
  { write, stripe, sealer }: WebhookEndpointTools,
  known: StripeConnection,
  { url, overlap }: { url: string; overlap: number },
): Promise<void> {
  const { retiringWebhookEndpointId: eldest } = known;
  const endpoint = await stripe.webhookEndpoints.create({
    url,
    enabled_events: [...subscribedEventTypes],
    api_version: stripeApiVersion as Stripe.WebhookEndpointCreateParams.ApiVersion,
  });
  await write(async (em) => {
    const connection = await em.findOneOrFail(StripeConnection, known.id);
    const { sealedWebhookSecrets } = connection;
    const retiresAt = new Date(Date.now() + overlap * 1000);
    connection.retiringWebhookEndpointId = connection.stripeWebhookEndpointId;
    connection.stripeWebhookEndpointId = endpoint.id;
    connection.sealedWebhookSecrets = [
      sealer.seal(endpoint.secret!, connection.id),
      ...sealedWebhookSecrets.slice(0, 1),
    ];
    connection.webhookSecretRetiresAt = sealedWebhookSecrets.length ? retiresAt : null;
    await em.flush();
    if (sealedWebhookSecrets.length) await wakeLanes(em, [retirementLaneOf(connection.id, retiresAt)], retiresAt);
  });
  // Two may overlap, not three.
  if (eldest) await deleteWebhookEndpoint(stripe, eldest);
}
