import { type EntityManager, LockMode } from '@mikro-orm/core';
import type { Tenant } from '../../tenant.ts';
import type { EnsuredConfiguration, KnownConfiguration } from './ensure-configuration.ts';
import { PortalConfiguration } from './portal-configuration.entity.ts';

/** Of no parameters: the next call tells Stripe anew. */
const nobodyKnows = '';

/**
 * Writes down which configuration Stripe has, and what it was told. Where another call has written since `known` was read, nobody knows
 * which of the two Stripe heard last.
 */
export async function recordConfiguration(
  { em }: { em: EntityManager },
  { projectId, environment }: Pick<Tenant, 'projectId' | 'environment'>,
  { known, ensured }: { known: KnownConfiguration; ensured: EnsuredConfiguration },
): Promise<void> {
  const { id, did } = ensured;
  if (did === 'NOTHING') return;
  const side = { projectId, environment };
  const { fingerprint } = known;
  const row = await em.findOne(PortalConfiguration, side, { lockMode: LockMode.PESSIMISTIC_WRITE });
  if (!row) {
    em.create(PortalConfiguration, { ...side, stripeConfigurationId: id, fingerprint });
    return;
  }
  // Made by another call with the same key, which has written it down.
  if (did === 'CREATE' && row.stripeConfigurationId === id) return;
  const isAsRead = row.fingerprint === known.told;
  em.assign(row, { stripeConfigurationId: id, fingerprint: isAsRead ? fingerprint : nobodyKnows });
}
