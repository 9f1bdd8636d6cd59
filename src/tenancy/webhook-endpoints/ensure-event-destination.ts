import type Stripe from 'stripe';
import { isRightMissing } from '../../stripe/stripe-trouble.ts';
import { StripeConnection } from '../connections/stripe-connection.entity.ts';
import { deleteEventDestination, eventDestinationsOf, missingThinTypes, thinEventTypes } from './event-destination.ts';
import type { WebhookEndpointTools } from './webhook-endpoint-tools.ts';

/**
 * Makes Stripe deliver thin events to the connection's webhook route, beside its webhook endpoint, which is sent snapshots alone:
 * there is one destination afterwards. One whose signing secret nobody knows gives way to a new one, since Stripe tells a secret
 * once. A restricted key without the right goes without: only reports of usage that could not be counted are missed then, and the
 * doctor says so.
 * @param url the connection's webhook route.
 */
export async function ensureEventDestination(
  tools: WebhookEndpointTools,
  connection: StripeConnection,
  url: string,
): Promise<void> {
  try {
    await ensure(tools, connection, url);
  } catch (failure) {
    if (!isRightMissing(failure)) throw failure;
  }
}

async function ensure({ stripe, sealer, write }: WebhookEndpointTools, known: StripeConnection, url: string) {
  const destinations = await eventDestinationsOf(stripe, known);
  const current = known.sealedThinSecret
    ? destinations.find(({ id }) => id === known.stripeEventDestinationId)
    : undefined;
  if (current) await mend(stripe, current, url);
  else {
    const { id, webhook_endpoint } = await stripe.v2.core.eventDestinations.create({
      name: 'Billgraph',
      type: 'webhook_endpoint',
      event_payload: 'thin',
      enabled_events: [...thinEventTypes],
      include: ['webhook_endpoint.signing_secret'],
      webhook_endpoint: { url },
    });
    await write(async (em) => {
      const connection = await em.findOneOrFail(StripeConnection, known.id);
      connection.stripeEventDestinationId = id;
      connection.sealedThinSecret = sealer.seal(webhook_endpoint!.signing_secret!, known.id);
      await em.flush();
    });
  }
  for (const stranger of destinations) if (stranger !== current) await deleteEventDestination(stripe, stranger.id);
}

async function mend(stripe: Stripe, current: Stripe.V2.Core.EventDestination, url: string) {
  const { eventDestinations } = stripe.v2.core;
  if (current.webhook_endpoint?.url !== url || missingThinTypes(current).length)
    await eventDestinations.update(current.id, { enabled_events: [...thinEventTypes], webhook_endpoint: { url } });
  if (current.status !== 'enabled') await eventDestinations.enable(current.id);
}
