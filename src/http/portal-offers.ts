import type { EntityManager } from '@mikro-orm/core';
import type { Price } from '../billing/catalog/price.entity.ts';
import { Subscription } from '../billing/subscriptions/subscription.entity.ts';
import type { ProjectPrincipal } from '../identity/access/principal.ts';
import type { Offer } from '../portal/pages/plan-pages.ts';
import { findOffers } from '../tenancy/projects/find-offers.ts';

/** What a page offers each of these subscriptions to change to, by id. One that cannot change has no entry, or an empty one. */
export async function offersFor(
  { em, principal }: { em: EntityManager; principal: ProjectPrincipal },
  ids: string[],
): Promise<ReadonlyMap<string, Offer[]>> {
  if (!ids.length) return new Map();
  const { projectId, environment } = principal;
  const which = { id: { $in: ids }, projectId, environment };
  const subscriptions = await em.find(Subscription, which, { populate: ['items.price'] });
  const offers = await findOffers({ em }, principal, subscriptions);
  return new Map([...offers].map(([id, prices]) => [id, prices.map(offerOf)]));
}

const offerOf = (price: Price): Offer => ({
  id: price.id,
  currency: price.currency,
  unitAmountDecimal: price.unitAmountDecimal ?? null,
  tiersMode: price.tiersMode ?? null,
  tiers: (price.tiers ?? []).map(({ upTo, ...amounts }) => ({ ...amounts, upTo: upTo === null ? null : String(upTo) })),
  recurring: price.recurringInterval
    ? { interval: price.recurringInterval, intervalCount: price.recurringIntervalCount ?? 1, stripeMeterId: null }
    : null,
  product: { name: price.product.name },
});
