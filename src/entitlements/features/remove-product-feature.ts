import type { EntityManager } from '@mikro-orm/core';
import { findProduct } from '../../billing/catalog/find-product.ts';
import { notFound } from '../../errors.ts';
import type { Side } from '../../tenancy/teams/side.ts';
import { findFeature } from './find-feature.ts';
import { ProductFeature } from './product-feature.entity.ts';

/**
 * From now on the product gives nothing of the feature, also to those who have the product.
 * @returns the id of the product.
 * @throws Refusal NOT_FOUND for the product or the feature, and where the product gives nothing of it.
 */
export async function removeProductFeature(
  { em }: { em: EntityManager },
  side: Side,
  { productId, feature: named }: { productId: string; feature: string },
): Promise<string> {
  const product = await findProduct({ em }, side, productId);
  const feature = await findFeature({ em }, side, named, { archived: 'accepted' });
  const given = await em.findOne(ProductFeature, { product, feature, endedAt: null });
  if (!given) throw notFound('feature of this product', 'feature');
  given.endedAt = new Date();
  await em.flush();
  return product.id;
}
