import type { EntityManager } from '@mikro-orm/core';
import { notFound } from '../../errors.ts';
import { isId } from '../../ids.ts';
import type { Tenant } from '../../tenant.ts';
import { Product } from './product.entity.ts';

/** @throws Refusal NOT_FOUND where the tenant has no product with this id. */
export async function findProduct(
  { em }: { em: EntityManager },
  { projectId, environment }: Pick<Tenant, 'projectId' | 'environment'>,
  id: string,
): Promise<Product> {
  const product = isId('pp', id) && (await em.findOne(Product, { id, projectId, environment }));
  if (!product) throw notFound('product', 'productId');
  return product;
}
