import type { EntityManager } from '@mikro-orm/core';
import type { Tenant } from '../../tenant.ts';
import { Price } from './price.entity.ts';

/** A lookup key is one price's: where Stripe has moved it, the others have it no more, before their webhooks say so. */
export async function takeLookupKey(
  { em }: { em: EntityManager },
  { projectId, connectionId }: Tenant,
  { priceId, lookupKey }: { priceId: string; lookupKey: string },
): Promise<void> {
  const others = await em.find(Price, { projectId, connectionId, lookupKey, id: { $ne: priceId } });
  for (const other of others) other.lookupKey = null;
}
