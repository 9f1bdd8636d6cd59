import type { EntityManager } from '@mikro-orm/core';
import { conflict } from '../../errors.ts';
import { newId } from '../../ids.ts';
import { writeMessages } from './enqueue-outgoing.ts';
import { findOutgoingEndpoint, of, type Side } from './find-outgoing-endpoint.ts';

/**
 * Sends an endpoint an `endpoint.test`, whatever it wants to know. It is delivered like any other message, in the background.
 * @returns the message's id.
 * @throws Refusal NOT_FOUND; CONFLICT for an endpoint that is disabled, and where the project is archived.
 */
export async function testOutgoingEndpoint(
  { em }: { em: EntityManager },
  side: Side,
  { endpointId }: { endpointId: string },
): Promise<string> {
  const endpoint = await findOutgoingEndpoint(em, side, endpointId);
  if (endpoint.disabledAt) throw conflict('This endpoint is disabled. Enable it first.', 'endpointId');
  const id = newId('msg');
  const event = {
    ...of(side),
    type: 'endpoint.test',
    customerId: null,
    data: { endpointId },
    occurredAt: new Date(),
  } as const;
  await writeMessages(em, [{ id, event, endpoints: [endpoint] }]);
  return id;
}
