import type { EntityManager } from '@mikro-orm/core';
import { Price } from '../../billing/catalog/price.entity.ts';
import type { Tenant } from '../../tenant.ts';
import { findSettings } from './find-settings.ts';
import { Plan } from './plan.entity.ts';

/**
 * What a customer may change a subscription to: the recurring prices of the plans, by the plans' names, and then those of
 * self-service, oldest first. None that is archived, and none that bills usage, for which there is no quantity to take along.
 */
export async function findOfferedPrices(
  { em }: { em: EntityManager },
  { projectId, environment }: Pick<Tenant, 'projectId' | 'environment'>,
): Promise<Price[]> {
  const side = { projectId, environment };
  const { selfServicePriceIds } = await findSettings({ em }, side);
  const plans = await em.find(Plan, side, { populate: ['price.product'], orderBy: { name: 'asc' } });
  const others = selfServicePriceIds.length
    ? await em.find(
        Price,
        { id: { $in: selfServicePriceIds }, ...side },
        { populate: ['product'], orderBy: { id: 'asc' } },
      )
    : [];
  const offered = new Set([...plans.map(({ price }) => price), ...others]);
  return [...offered].filter(
    ({ active, product, type, usageType }) =>
      active && product.active && type === 'RECURRING' && usageType === 'LICENSED',
  );
}
