import type { EntityManager } from '@mikro-orm/core';
import type { Environment } from '../environment.ts';
import type { Installation } from '../installation.ts';
import type { Operation } from '../operations/operation.ts';
import { isKeyRefused, isRightMissing } from '../stripe/stripe-trouble.ts';
import { findConnection } from './find-connection.ts';
import { deleteWebhookEndpoint, webhookEndpointsOf } from './webhook-endpoint.ts';

/**
 * Takes our webhook endpoints out of Stripe, and forgets the account's secrets. What we know stays, and grows old. A key that
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
  const endpointsDeleted = await webhookEndpointsOf(stripe, row)
    .then((endpoints) => Promise.all(endpoints.map(({ id }) => deleteWebhookEndpoint(stripe, id))))
    .then(
      () => true,
      (failure) => {
        if (isKeyRefused(failure) || isRightMissing(failure)) return false;
        throw failure;
      },
    );
  await operation.write(async (em) => {
    em.assign(await findConnection({ em }, { teamId, environment }), nothing);
  });
  connections.forget(row.id);
  return { endpointsDeleted };
}

const nothing = {
  sealedSecretKey: null,
  sealedWebhookSecrets: [],
  stripeWebhookEndpointId: null,
  retiringWebhookEndpointId: null,
  webhookSecretRetiresAt: null,
};
