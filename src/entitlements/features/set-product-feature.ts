import type { EntityManager } from '@mikro-orm/core';
import { findProduct } from '../../billing/catalog/find-product.ts';
import { badInput } from '../../errors.ts';
import { newId } from '../../ids.ts';
import type { Side } from '../../tenancy/teams/side.ts';
import { checkValue, type GivenValue } from './check-feature.ts';
import { findFeature } from './find-feature.ts';
import { ProductFeature } from './product-feature.entity.ts';

export type ProductGives = GivenValue & { productId: string; feature: string; perUnit?: boolean | null };

/**
 * Says what a product gives of a feature, from now on, to everybody who has a live subscription to it. The same again changes nothing.
 * @throws Refusal NOT_FOUND for the product or the feature; CONFLICT where the feature is archived; BAD_USER_INPUT where the value
 * does not fit it.
 */
export async function setProductFeature(
  { em }: { em: EntityManager },
  side: Side,
  { productId, feature: named, perUnit: given, ...value }: ProductGives,
): Promise<ProductFeature> {
  const product = await findProduct({ em }, side, productId);
  const feature = await findFeature({ em }, side, named);
  if (given && feature.type !== 'LIMIT') throw badInput('Only a limit can be for each unit.', 'perUnit');
  const said = { ...checkValue(feature, value), perUnit: given ?? false };
  const now = new Date();
  const before = await em.findOne(ProductFeature, { product, feature, endedAt: null });
  if (before && isSame(before, said)) return before;
  if (before) {
    before.endedAt = now;
    // One of both may stand at a time, and the unit of work inserts first.
    await em.flush();
  }
  const { projectId, environment } = side;
  const after = em.create(ProductFeature, {
    id: newId('pfe'),
    projectId,
    environment,
    product,
    feature,
    ...said,
    startedAt: now,
  });
  await em.flush();
  return after;
}

type Said = Pick<ProductFeature, 'limitValue' | 'option' | 'perUnit'>;

function isSame(before: Said, after: Said): boolean {
  const limit = before.limitValue?.replace(/\.?0+$/, '') ?? null;
  return limit === after.limitValue && before.option === after.option && before.perUnit === after.perUnit;
}
