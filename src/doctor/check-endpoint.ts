import type Stripe from 'stripe';
import type { StripeConnection } from '../connections/stripe-connection.entity.ts';
import { stripeApiVersion } from '../stripe/api-version.ts';
import { missingEventTypes, webhookEndpointsOf } from '../webhook-endpoints/webhook-endpoint.ts';
import { type Finding, ill, well } from './finding.ts';

/** What mends all of it: see ensureWebhookEndpoint. */
const mend = 'Run npm run doctor -- --mend, or restart the server.';

/** Whether Stripe has our webhook endpoint, enabled, in our API version and with all our events. */
export async function checkEndpoint(stripe: Stripe, connection: StripeConnection): Promise<Finding[]> {
  const endpoints = await webhookEndpointsOf(stripe, connection);
  const current =
    endpoints.find(({ id }) => id === connection.stripeWebhookEndpointId) ??
    endpoints.find(({ id }) => id !== connection.retiringWebhookEndpointId);
  if (!current) {
    const isGiven = connection.sealedWebhookSecrets.length && !connection.stripeWebhookEndpointId;
    const why = isGiven ? ' (its signing secret was configured by hand, so its address is unknown here)' : '';
    return [ill('ENDPOINT', `Stripe has no webhook endpoint with the address of this connection${why}.`, mend)];
  }
  const strangers = endpoints.filter(
    ({ id }) => ![connection.stripeWebhookEndpointId, connection.retiringWebhookEndpointId].includes(id),
  );
  return [
    checkState(current, strangers),
    current.api_version === stripeApiVersion
      ? well('ENDPOINT_API_VERSION', `It sends events of the API version ${stripeApiVersion}.`)
      : ill(
          'ENDPOINT_API_VERSION',
          `It sends events of the API version ${current.api_version ?? 'that is the default of the account'}, and we read ${stripeApiVersion}: each costs a fetch.`,
          mend,
        ),
    checkEvents(current),
  ];
}

function checkState({ id, url, status }: Stripe.WebhookEndpoint, strangers: Stripe.WebhookEndpoint[]): Finding {
  if (strangers.length)
    return ill(
      'ENDPOINT',
      `Nobody here knows the signing secret of ${strangers.map(({ id }) => id).join(', ')}.`,
      mend,
    );
  if (status !== 'enabled') return ill('ENDPOINT', `Stripe has disabled the webhook endpoint ${id} (${url}).`, mend);
  return well('ENDPOINT', `Stripe delivers to ${url} (${id}).`);
}

function checkEvents(endpoint: Stripe.WebhookEndpoint): Finding {
  const missing = missingEventTypes(endpoint);
  if (!missing.length) return well('ENDPOINT_EVENTS', 'It is sent every type of event that we need.');
  return ill('ENDPOINT_EVENTS', `It is not sent ${missing.join(', ')}.`, mend);
}
