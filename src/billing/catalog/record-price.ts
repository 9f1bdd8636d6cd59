import type { EntityManager } from '@mikro-orm/core';
import type Stripe from 'stripe';
import { recordAnswer } from '../../ingestion/mirror/record-answer.ts';
import type { Tenant } from '../../tenant.ts';
import type { CatalogTools } from './catalog-tools.ts';
import { Price } from './price.entity.ts';
import { syncPrices } from './sync-prices.ts';
import { takeLookupKey } from './take-lookup-key.ts';

/**
 * Brings a price that a call of ours made or changed to its row, and takes the lookup key that the call gave it from the price that had it.
 * @param answer.basis the evidence of the row before; 0 for a price that was made.
 * @param answer.lookupKey what the call set: one that the answer shows beside may be another price's by now.
 * @returns the id of the row.
 */
export async function recordPrice(
  { em, log, operation }: Pick<CatalogTools, 'log' | 'operation'> & { em: EntityManager },
  tenant: Tenant,
  {
    object,
    basis,
    lookupKey,
  }: { object: Stripe.Response<Stripe.Price>; basis: number; lookupKey?: string | undefined },
): Promise<string> {
  const answered = { type: 'price', id: object.id, object, basis };
  await recordAnswer({ em, log, operation, sync: syncPrices }, tenant, answered);
  const { id } = await em.findOneOrFail(Price, { connectionId: tenant.connectionId, stripePriceId: object.id });
  if (lookupKey !== undefined) await takeLookupKey({ em }, tenant, { priceId: id, lookupKey });
  return id;
}
