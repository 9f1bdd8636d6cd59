import type { EntityManager } from '@mikro-orm/core';
import { enqueueOutgoing } from '../../outgoing/webhooks/enqueue-outgoing.ts';
import type { Referral } from './referral.entity.ts';
import type { ReferralStatus } from './referral-status.ts';

/** What endpoints are told of. */
const told = { CONVERTED: 'referral.converted', REVERSED: 'referral.reversed' } as const;

/** Tells endpoints that a referral was credited, or that this was reversed, in the EntityManager's transaction: each time that it becomes so. */
export async function tellOfReferral(
  { em }: { em: EntityManager },
  { referral, before, now }: { referral: Referral; before: ReferralStatus; now: Date },
): Promise<void> {
  const { id, projectId, environment, referrer, referee, code, status, reason } = referral;
  if (status === before || !(status in told)) return;
  await enqueueOutgoing(em, [
    {
      type: told[status as keyof typeof told],
      projectId,
      environment,
      customerId: referrer.id,
      data: { referralId: id, referrerId: referrer.id, refereeId: referee.id, codeId: code.id, reason: reason ?? null },
      occurredAt: now,
    },
  ]);
}
