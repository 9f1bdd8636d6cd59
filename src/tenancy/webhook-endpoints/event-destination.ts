import type Stripe from 'stripe';
import { isNoSuchObject } from '../../stripe/stripe-trouble.ts';
import { meterErrorEvent } from '../../usage/events/sync-meter-error-reports.ts';
import type { StripeConnection } from '../connections/stripe-connection.entity.ts';
import { isUrlOf } from './webhook-endpoint.ts';

/** What only a destination of Stripe's v2 API is sent: no webhook endpoint can ask for it. */
export const thinEventTypes: readonly string[] = [meterErrorEvent];

/** The event destinations in Stripe that are the connection's: by their id, or by an address that names it. */
export async function eventDestinationsOf(
  stripe: Stripe,
  { id, stripeEventDestinationId }: StripeConnection,
): Promise<Stripe.V2.Core.EventDestination[]> {
  const ours: Stripe.V2.Core.EventDestination[] = [];
  // Stripe leaves the address out unless it is asked for it.
  for await (const one of stripe.v2.core.eventDestinations.list({ limit: 100, include: ['webhook_endpoint.url'] }))
    if (one.id === stripeEventDestinationId || isUrlOf(one.webhook_endpoint?.url, id)) ours.push(one);
  return ours;
}

/** What the destination does not ask Stripe for, though we need it. */
export const missingThinTypes = ({ enabled_events }: Stripe.V2.Core.EventDestination): string[] =>
  thinEventTypes.filter((type) => !enabled_events.includes(type));

/** It may be gone already. */
export async function deleteEventDestination(stripe: Stripe, destinationId: string): Promise<void> {
  await stripe.v2.core.eventDestinations.del(destinationId).catch((failure) => {
    if (!isNoSuchObject(failure)) throw failure;
  });
}
