import { type EntityManager, LockMode } from '@mikro-orm/core';
import { checkText } from '../../check-input.ts';
import { conflict } from '../../errors.ts';
import { newId } from '../../ids.ts';
import type { Sealer } from '../../sealing/sealing.ts';
import { Project } from '../../tenancy/teams/project.entity.ts';
import { checkEndpointUrl, checkEventTypes } from './check-outgoing-endpoint.ts';
import { of, refuseArchived, type Side } from './find-outgoing-endpoint.ts';
import { OutgoingEndpoint } from './outgoing-endpoint.entity.ts';
import { newSecret } from './sign-message.ts';

export type EndpointTools = { em: EntityManager; sealer: Sealer; allowPrivateAddresses: boolean };

/** Of one side of a project. Each change is told to all of them. */
const mostEndpoints = 20;

/**
 * Makes an endpoint, which is told of what happens from now on. The answer holds the only copy of its secret in the clear.
 * @throws Refusal BAD_USER_INPUT with the field; CONFLICT where there are twenty, and where the project is archived.
 */
export async function createOutgoingEndpoint(
  { em, sealer, allowPrivateAddresses }: EndpointTools,
  side: Side,
  input: { url: string; eventTypes?: string[] | null; description?: string | null },
): Promise<{ endpoint: OutgoingEndpoint; secret: string }> {
  const url = checkEndpointUrl(input.url, allowPrivateAddresses);
  const eventTypes = checkEventTypes(input.eventTypes ?? ['*']);
  const description = input.description == null ? null : checkText(input.description, 'description', { max: 200 });
  await refuseArchived(em, side);
  // Two that are made at once count one after the other.
  await em.findOneOrFail(Project, side.projectId, { lockMode: LockMode.PESSIMISTIC_WRITE });
  if ((await em.count(OutgoingEndpoint, { ...of(side), deletedAt: null })) >= mostEndpoints)
    throw conflict(`A project has at most ${mostEndpoints} endpoints in an environment. Delete one first.`);
  const id = newId('oep');
  const secret = newSecret();
  const endpoint = em.create(OutgoingEndpoint, {
    id,
    ...of(side),
    url,
    eventTypes,
    description,
    sealedSecret: sealer.seal(secret, id),
  });
  await em.flush();
  return { endpoint, secret };
}
