import type { EntityManager } from '@mikro-orm/core';
import { notFound } from '../../errors.ts';
import { isId } from '../../ids.ts';
import type { Tenant } from '../../tenant.ts';
import { Price } from './price.entity.ts';

/** @throws Refusal NOT_FOUND where the tenant has no price with this id. */
export async function findPrice(
  { em }: { em: EntityManager },
  { projectId, environment }: Pick<Tenant, 'projectId' | 'environment'>,
  id: string,
): Promise<Price> {
  const price = isId('pri', id) && (await em.findOne(Price, { id, projectId, environment }));
  if (!price) throw notFound('price', 'priceId');
  return price;
}
