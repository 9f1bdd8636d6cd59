import type Stripe from 'stripe';
import { isRightMissing } from '../../stripe/stripe-trouble.ts';
import type { StripeConnection } from '../connections/stripe-connection.entity.ts';
import { eventDestinationsOf, missingThinTypes } from '../webhook-endpoints/event-destination.ts';
import { isGivenByHand } from '../webhook-endpoints/webhook-endpoint.ts';
import { type Finding, ill, well } from './finding.ts';

/** What mends all of it: see ensureEventDestination. A start leaves alone whose signing secret is configured. */
const mendOf = (connection: StripeConnection) =>
  `Run npm run doctor -- --mend${isGivenByHand(connection) ? '' : ', or restart the server'}.`;

/** Whether Stripe has our destination of thin events, enabled, with all that no webhook endpoint is sent. */
export async function checkEventDestination(stripe: Stripe, connection: StripeConnection): Promise<Finding> {
  const mend = mendOf(connection);
  const destinations = await eventDestinationsOf(stripe, connection).catch((failure) => {
    if (!isRightMissing(failure)) throw failure;
    return null;
  });
  if (!destinations)
    return ill(
      'EVENT_DESTINATION',
      'The restricted key has no right to event destinations: usage that could not be counted is not reported.',
      "Give it the right Event Destinations: write in Stripe's dashboard under Developers, API keys; then run npm run doctor -- --mend.",
    );
  const current = destinations.find(({ id }) => id === connection.stripeEventDestinationId);
  if (!current || !connection.sealedThinSecret)
    return ill(
      'EVENT_DESTINATION',
      'Stripe has no destination for thin events of this connection: usage that could not be counted is not reported.',
      mend,
    );
  const strangers = destinations.filter((one) => one !== current);
  if (strangers.length)
    return ill(
      'EVENT_DESTINATION',
      `Nobody here knows the signing secret of ${strangers.map(({ id }) => id).join(', ')}.`,
      mend,
    );
  if (current.status !== 'enabled')
    return ill('EVENT_DESTINATION', `Stripe has disabled the event destination ${current.id}.`, mend);
  const missing = missingThinTypes(current);
  if (missing.length) return ill('EVENT_DESTINATION', `${current.id} is not sent ${missing.join(', ')}.`, mend);
  return well('EVENT_DESTINATION', `Stripe delivers thin events to ${current.webhook_endpoint?.url} (${current.id}).`);
}
