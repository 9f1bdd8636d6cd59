import { badInput, conflict } from '../../errors.ts';
import type { StripeConnection } from '../connections/stripe-connection.entity.ts';
import { replaceWebhookEndpoint } from './replace-webhook-endpoint.ts';
import { isGivenByHand, webhookEndpointsOf } from './webhook-endpoint.ts';
import type { WebhookEndpointTools } from './webhook-endpoint-tools.ts';

const day = 86_400;

/**
 * Gives the connection's webhook endpoint a new signing secret. Both secrets are accepted until the old one ends.
 * @param overlap seconds: a day by default and at most; 0 where the old secret was leaked. Forget the cached connection.
 * @throws Refusal BAD_USER_INPUT for an overlap out of range; CONFLICT where the connection has no endpoint of ours.
 */
export async function rollWebhookSecret(
  tools: WebhookEndpointTools,
  connection: StripeConnection,
  overlap = day,
): Promise<void> {
  if (!(Number.isSafeInteger(overlap) && overlap >= 0 && overlap <= day))
    throw badInput(`The overlap is 0 to ${day} seconds.`, 'overlap');
  const endpoints = await webhookEndpointsOf(tools.stripe, connection);
  const current = endpoints.find(({ id }) => id === connection.stripeWebhookEndpointId);
  if (!current)
    throw conflict(
      isGivenByHand(connection)
        ? 'The signing secret of this connection is configured: roll it in Stripe, and configure the new one.'
        : 'This connection has no webhook endpoint that Billgraph made. Mend that first: npm run doctor -- --mend',
    );
  await replaceWebhookEndpoint(tools, connection, { url: current.url, overlap });
}
