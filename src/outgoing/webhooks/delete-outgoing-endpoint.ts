import type { EntityManager } from '@mikro-orm/core';
import { findOutgoingEndpoint, type Side } from './find-outgoing-endpoint.ts';

/**
 * Deletes an endpoint and its secrets. Nothing more is sent to it: what was on its way fails. Its deliveries can be read until they are pruned.
 * @throws Refusal NOT_FOUND; CONFLICT where the project is archived.
 */
export async function deleteOutgoingEndpoint(
  { em }: { em: EntityManager },
  side: Side,
  { endpointId }: { endpointId: string },
): Promise<string> {
  const endpoint = await findOutgoingEndpoint(em, side, endpointId);
  Object.assign(endpoint, { deletedAt: new Date(), sealedSecret: null, sealedPreviousSecret: null });
  await em.flush();
  return endpoint.id;
}
