import type Stripe from 'stripe';
import { stripeApiVersion } from '../../stripe/api-version.ts';
import type { StripeConnection } from '../connections/stripe-connection.entity.ts';
import { isGivenByHand, missingEventTypes, webhookEndpointsOf } from '../webhook-endpoints/webhook-endpoint.ts';
import { type Finding, ill, well } from './finding.ts';

/** What mends all of it: see ensureWebhookEndpoint. An endpoint whose secret was configured is not ours to mend. */
const mendOf = (connection: StripeConnection) =>
  isGivenByHand(connection)
    ? `Set the endpoint right in Stripe; or unset STRIPE_${connection.environment}_WEBHOOK_SECRET and restart the server, which then makes its own.`
    : 'Run npm run doctor -- --mend, or restart the server.';

/** Whether Stripe has our webhook endpoint, enabled, in our API version and with all our events. */
export async function checkEndpoint(stripe: Stripe, connection: StripeConnection): Promise<Finding[]> {
  const endpoints = await webhookEndpointsOf(stripe, connection);
  const mend = mendOf(connection);
  const isGiven = isGivenByHand(connection);
  const current =
    endpoints.find(({ id }) => id === connection.stripeWebhookEndpointId) ??
    endpoints.find(({ id }) => id !== connection.retiringWebhookEndpointId);
  if (!current) {
    const why = isGiven ? ' (its signing secret was configured by hand, so its address is unknown here)' : '';
    return [ill('ENDPOINT', `Stripe has no webhook endpoint with the address of this connection${why}.`, mend)];
  }
  const known = [connection.stripeWebhookEndpointId, connection.retiringWebhookEndpointId];
  const strangers = isGiven ? [] : endpoints.filter(({ id }) => !known.includes(id));
  return [
    checkState(current, strangers, mend),
    current.api_version === stripeApiVersion
      ? well('ENDPOINT_API_VERSION', `It sends events of the API version ${stripeApiVersion}.`)
      : ill(
          'ENDPOINT_API_VERSION',
          `It sends events of the API version ${current.api_version ?? 'that is the default of the account'}, and we read ${stripeApiVersion}: each costs a fetch.`,
          mend,
        ),
    checkEvents(current, mend),
  ];
}

function checkState(
  { id, url, status }: Stripe.WebhookEndpoint,
  strangers: Stripe.WebhookEndpoint[],
  mend: string,
): Finding {
  if (strangers.length)
    return ill(
      'ENDPOINT',
      `Nobody here knows the signing secret of ${strangers.map(({ id }) => id).join(', ')}.`,
      mend,
    );
  if (status !== 'enabled') return ill('ENDPOINT', `Stripe has disabled the webhook endpoint ${id} (${url}).`, mend);
  return well('ENDPOINT', `Stripe delivers to ${url} (${id}).`);
}

function checkEvents(endpoint: Stripe.WebhookEndpoint, mend: string): Finding {
  const missing = missingEventTypes(endpoint);
  if (!missing.length) return well('ENDPOINT_EVENTS', 'It is sent every type of event that we need.');
  return ill('ENDPOINT_EVENTS', `It is not sent ${missing.join(', ')}.`, mend);
}
