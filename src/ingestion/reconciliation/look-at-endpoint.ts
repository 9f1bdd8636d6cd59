import type Stripe from 'stripe';
import type { OpenConnection } from '../../stripe/stripe-connections.ts';
import { subscribedEventTypes } from '../webhooks/event-types.ts';

export type EndpointState = { endpointApiVersion: string | null; missingEventTypes: string[] | null };

/** The enabled endpoint in Stripe that leads here, by its URL: what it sends in which version. */
export async function lookAtEndpoint({ id, stripe }: OpenConnection): Promise<EndpointState> {
  for await (const endpoint of stripe.webhookEndpoints.list({ limit: 100 })) {
    if (endpoint.status !== 'enabled' || !endpoint.url.endsWith(`/webhooks/stripe/${id}`)) continue;
    return { endpointApiVersion: endpoint.api_version, missingEventTypes: missingOf(endpoint) };
  }
  return { endpointApiVersion: null, missingEventTypes: null };
}

function missingOf({ enabled_events: enabled }: Stripe.WebhookEndpoint): string[] {
  return enabled.includes('*') ? [] : subscribedEventTypes.filter((type) => !enabled.includes(type));
}
