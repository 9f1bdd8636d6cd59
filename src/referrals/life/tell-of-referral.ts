import type { EntityManager } from '@mikro-orm/core';
import { enqueueOutgoing } from '../../outgoing/webhooks/enqueue-outgoing.ts';
import type { Referral } from './referral.entity.ts';
import type { ReferralStatus } from './referral-status.ts';

/** What endpoints are told of: also where what was credited is taken back since the referral is rejected after all. */
const toldOf = ({ status }: Referral, before: ReferralStatus) => {
  if (status === before) return null;
  if (status === 'CONVERTED') return 'referral.converted';
  const isTakenBack = status === 'REJECTED' && before === 'CONVERTED';
  return status === 'REVERSED' || isTakenBack ? 'referral.reversed' : null;
};

/** Tells endpoints that a referral was credited, or that this was reversed, in the EntityManager's transaction: each time that it becomes so. */
export async function tellOfReferral(
  { em }: { em: EntityManager },
  { referral, before, now }: { referral: Referral; before: ReferralStatus; now: Date },
): Promise<void> {
  const { id, projectId, environment, referrer, referee, code, reason } = referral;
  const type = toldOf(referral, before);
  if (!type) return;
  await enqueueOutgoing(em, [
    {
      type,
      projectId,
      environment,
      customerId: referrer.id,
      data: { referralId: id, referrerId: referrer.id, refereeId: referee.id, codeId: code.id, reason: reason ?? null },
      occurredAt: now,
    },
  ]);
}
