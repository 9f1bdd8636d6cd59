import type { EntityManager } from '@mikro-orm/core';
import type { Environment } from '../../environment.ts';
import type { Installation } from '../../installation.ts';
import type { Operation } from '../../operations/operation.ts';
import { isKeyRefused, isRightMissing } from '../../stripe/stripe-trouble.ts';
import { deleteEventDestination, eventDestinationsOf } from '../webhook-endpoints/event-destination.ts';
import { deleteWebhookEndpoint, webhookEndpointsOf } from '../webhook-endpoints/webhook-endpoint.ts';
import { findConnection } from './find-connection.ts';

/**
 * Takes our webhook endpoints and destinations out of Stripe, and forgets the account's secrets. What we know stays, and grows old. A key that
 * Stripe no longer takes does not keep the account connected: the endpoints stay then.
 * @returns whether the endpoints are gone.
 * @throws Refusal CONFLICT where none is connected; Stripe's error where it cannot be reached, and then nothing is changed.
 */
export async function disconnectStripe(
  { em, operation, connections }: Installation & { em: EntityManager; operation: Operation },
  { teamId, environment }: { teamId: string; environment: Environment },
): Promise<{ endpointsDeleted: boolean }> {
  const row = await findConnection({ em }, { teamId, environment });
  const { stripe } = (await connections.byId(row.id))!;
  const endpoints = await isDone(async () => {
    for (const { id } of await webhookEndpointsOf(stripe, row)) await deleteWebhookEndpoint(stripe, id);
  });
  const destinations = await isDone(async () => {
    for (const { id } of await eventDestinationsOf(stripe, row)) await deleteEventDestination(stripe, id);
  });
  // A key without the right to destinations has made none.
  const endpointsDeleted = endpoints && (destinations || !row.stripeEventDestinationId);
  await operation.write(async (em) => {
    em.assign(await findConnection({ em }, { teamId, environment }), nothing);
  });
  connections.forget(row.id);
  return { endpointsDeleted };
}

/** Whether the key could do it. */
async function isDone(work: () => Promise<void>): Promise<boolean> {
  try {
    await work();
    return true;
  } catch (failure) {
    if (isKeyRefused(failure) || isRightMissing(failure)) return false;
    throw failure;
  }
}

const nothing = {
  sealedSecretKey: null,
  sealedWebhookSecrets: [],
  stripeWebhookEndpointId: null,
  retiringWebhookEndpointId: null,
  webhookSecretRetiresAt: null,
  stripeEventDestinationId: null,
  sealedThinSecret: null,
};
