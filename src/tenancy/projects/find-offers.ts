import type { EntityManager, Loaded } from '@mikro-orm/core';
import type { Price } from '../../billing/catalog/price.entity.ts';
import type { Subscription } from '../../billing/subscriptions/subscription.entity.ts';
import type { Tenant } from '../../tenant.ts';
import { findOfferedPrices } from './find-offered-prices.ts';

type WithItems = Loaded<Subscription, 'items.price'>;

/**
 * What each of these subscriptions may change to on a page: of those with one item, billed by quantity, everything else that the project
 * offers in its currency.
 * @returns by id; without those that no page changes: of several items or by usage, ended, or waiting for the first payment.
 */
export async function findOffers(
  { em }: { em: EntityManager },
  side: Pick<Tenant, 'projectId' | 'environment'>,
  subscriptions: WithItems[],
): Promise<ReadonlyMap<string, Price[]>> {
  const changing = subscriptions.flatMap((one) => {
    const current = changeablePrice(one);
    return current ? [{ id: one.id, current }] : [];
  });
  if (!changing.length) return new Map();
  const offered = await findOfferedPrices({ em }, side);
  return new Map(
    changing.map(({ id, current }) => [
      id,
      offered.filter((other) => other.id !== current.id && other.currency === current.currency),
    ]),
  );
}

function changeablePrice({ status, endedAt, items }: WithItems): Price | null {
  const [only, ...others] = items.getItems();
  if (endedAt || status === 'INCOMPLETE' || !only || others.length) return null;
  return only.price.usageType === 'LICENSED' ? only.price : null;
}
