import type { EntityManager } from '@mikro-orm/core';
import { notFound } from '../../errors.ts';
import { isId } from '../../ids.ts';
import type { Tenant } from '../../tenant.ts';
import { Meter } from './meter.entity.ts';

/** A meter that Stripe has. */
export type KnownMeter = Meter & { stripeMeterId: string };

/** @throws Refusal NOT_FOUND where the tenant has no meter with this id. */
export async function findMeter(
  { em }: { em: EntityManager },
  { projectId, environment }: Pick<Tenant, 'projectId' | 'environment'>,
  id: string,
): Promise<KnownMeter> {
  const visible = { stripeMeterId: { $ne: null } };
  const meter = isId('met', id) && (await em.findOne(Meter, { id, projectId, environment, ...visible }));
  if (!meter) throw notFound('meter', 'meterId');
  return meter as KnownMeter;
}
