import type { EntityManager } from '@mikro-orm/core';
import { notFound } from '../../errors.ts';
import type { Side } from '../../tenancy/teams/side.ts';
import { Feature } from '../features/feature.entity.ts';
import { featureWhere } from '../features/find-feature.ts';

/** Says which of the two is not there, where a customer and a feature were looked for together. @throws Refusal NOT_FOUND. */
export async function refuseUnknown(
  { em }: { em: EntityManager },
  { projectId, environment }: Side,
  feature: string,
): Promise<never> {
  const where = { ...featureWhere(feature), projectId, environment };
  const isKnown = !feature.includes('\0') && (await em.count(Feature, where)) > 0;
  throw isKnown ? notFound('customer', 'customer') : notFound('feature', 'feature');
}
