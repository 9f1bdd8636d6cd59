import type { EntityManager } from '@mikro-orm/core';
import { conflict, notFound } from '../../errors.ts';
import { isId } from '../../ids.ts';
import type { Side } from '../../tenancy/teams/side.ts';
import { Meter } from '../../usage/meters/meter.entity.ts';

/**
 * The meter that counts against a feature's limit, by its id or its event name.
 * @throws Refusal NOT_FOUND; CONFLICT where it is archived.
 */
export async function findFeatureMeter(
  { em }: { em: EntityManager },
  { projectId, environment }: Side,
  named: string,
): Promise<Meter> {
  const by = isId('met', named) ? { id: named } : { eventName: named };
  const meter = named.includes('\0')
    ? null
    : await em.findOne(Meter, { ...by, projectId, environment, stripeMeterId: { $ne: null } });
  if (!meter) throw notFound('meter', 'meter');
  if (meter.archivedAt) throw conflict('This meter is archived: nothing is counted by it.', 'meter');
  return meter;
}
