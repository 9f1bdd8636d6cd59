import type { EntityManager } from '@mikro-orm/core';
import { TryLater } from '../../lanes/lane-kind.ts';
import type { StripeConnections } from '../../stripe/stripe-connections.ts';
import { isStripeTrouble } from '../../stripe/stripe-trouble.ts';
import { StripeConnection } from '../connections/stripe-connection.entity.ts';
import { deleteWebhookEndpoint } from './webhook-endpoint.ts';

/** The kind of lane that ends the overlap of two webhook endpoints, at the time that its key names. */
export const retirementLanePrefix = 'webhook-endpoint';

export const retirementLaneOf = (connectionId: string, at: Date) =>
  `${retirementLanePrefix}/${connectionId}/${at.getTime()}`;

/** Takes the older endpoint and its signing secret away, unless a later roll has changed when. */
export async function retireWebhookEndpoint(
  { em, connections }: { em: EntityManager; connections: StripeConnections },
  laneKey: string,
): Promise<void> {
  const [, id = '', at] = laneKey.split('/');
  const connection = await em.findOne(StripeConnection, { id });
  if (!connection || connection.webhookSecretRetiresAt?.getTime() !== Number(at)) return;
  const { stripe } = (await connections.byId(id))!;
  if (connection.retiringWebhookEndpointId) {
    await deleteWebhookEndpoint(stripe, connection.retiringWebhookEndpointId).catch((failure) => {
      if (isStripeTrouble(failure)) throw new TryLater(`Stripe: ${failure.message}`, { cause: failure });
      throw failure;
    });
  }
  connection.sealedWebhookSecrets = connection.sealedWebhookSecrets.slice(0, 1);
  connection.retiringWebhookEndpointId = null;
  connection.webhookSecretRetiresAt = null;
  await em.flush();
  connections.forget(id);
}
