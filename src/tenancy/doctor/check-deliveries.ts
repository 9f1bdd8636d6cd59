import type { EntityManager } from '@mikro-orm/core';
import type Stripe from 'stripe';
import { runStatement } from '../../database/run-statement.ts';
import { subscribedEventTypes } from '../../ingestion/webhooks/event-types.ts';
import type { StripeConnection } from '../connections/stripe-connection.entity.ts';
import { type Finding, ill, well } from './finding.ts';

const day = 86_400;
/** Seconds that a delivery may take before it counts as failed. */
const patience = 60;

/**
 * Whether the signing secret is that of the endpoint. Stripe tells no secret twice: it shows by deliveries that arrive, and
 * by those of the last day that Stripe says it could not make.
 */
export async function checkDeliveries(
  { em, stripe }: { em: EntityManager; stripe: Stripe },
  { id, sealedWebhookSecrets }: StripeConnection,
): Promise<Finding> {
  const mend =
    'Make the endpoint anew: npm run doctor -- --mend --roll-secret. And check that Stripe reaches PUBLIC_URL.';
  if (!sealedWebhookSecrets.length) return ill('WEBHOOK_SECRET', 'There is no signing secret.', mend);
  const now = Math.floor(Date.now() / 1000);
  const created = { gte: now - day, lte: now - patience };
  const failed = await stripe.events.list({ delivery_success: false, created, limit: 100 });
  const types: readonly string[] = subscribedEventTypes;
  const ids = failed.data.filter(({ type }) => types.includes(type)).map((event) => event.id);
  const arrived = await runStatement<{ event_id: string }>(
    em,
    'select event_id from inbound_event where connection_id = $1 and event_id = any($2) and not recovered',
    [id, ids],
  );
  const missing = ids.length - arrived.length;
  if (missing)
    return ill(
      'WEBHOOK_SECRET',
      `Of the last day, ${missing} events were sent and not taken: wrong secret, or wrong address.`,
      mend,
    );
  return well('WEBHOOK_SECRET', 'What Stripe sent in the last day has arrived, signed with a secret that we know.');
}
