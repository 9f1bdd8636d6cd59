import type { EntityManager } from '@mikro-orm/core';
import { badInput, notFound } from '../../errors.ts';
import { isId } from '../../ids.ts';
import type { Tenant } from '../../tenant.ts';
import { sendAgain } from '../forwarding/send-again.ts';
import { UsageForwarding } from '../forwarding/usage-forwarding.entity.ts';
import { Meter } from '../meters/meter.entity.ts';

const mostIds = 1_000;
/** Of a meter, so many together: a call is not to take minutes. */
const atMost = 10_000;

export type Resend = { usageEventIds?: string[] | null; meterId?: string | null };

/**
 * Lets usage that Stripe's meters refused be sent again.
 * @returns how many events and corrections that are.
 * @throws Refusal BAD_USER_INPUT unless one of the two is given; NOT_FOUND for a meter of another tenant.
 */
export async function resendUsage(
  { em }: { em: EntityManager },
  { projectId, environment }: Pick<Tenant, 'projectId' | 'environment'>,
  { usageEventIds, meterId }: Resend,
): Promise<number> {
  if ((usageEventIds == null) === (meterId == null))
    throw badInput('Give one of usageEventIds and meterId, and not both.', 'usageEventIds');
  if (meterId != null) {
    const isOurs = isId('met', meterId) && (await em.count(Meter, { id: meterId, projectId, environment }));
    if (!isOurs) throw notFound('meter', 'meterId');
    return sendAgain({ em }, { meterId, atMost });
  }
  if (usageEventIds!.length > mostIds) throw badInput(`Give at most ${mostIds} events.`, 'usageEventIds');
  const ids = usageEventIds!.filter((id) => isId('ue', id));
  const ours = await em.find(
    UsageForwarding,
    { usageEvent: { $in: ids }, projectId, environment, state: 'FAILED' },
    { fields: ['usageEvent'] },
  );
  return sendAgain({ em }, { usageEventIds: [...new Set(ours.map(({ usageEvent }) => usageEvent.id))] });
}
