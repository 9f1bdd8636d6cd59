import type { EntityManager } from '@mikro-orm/core';
import type { Side } from '../../tenancy/teams/side.ts';
import { ReferralConfig } from './referral-config.entity.ts';

/** The referral programme of one side of a project; a new one, not yet kept, where nobody has set anything. */
export async function findReferralConfig(
  { em }: { em: EntityManager },
  { projectId, environment }: Side,
): Promise<ReferralConfig> {
  return (
    (await em.findOne(ReferralConfig, { projectId, environment })) ??
    em.create(ReferralConfig, { projectId, environment }, { persist: false })
  );
}
