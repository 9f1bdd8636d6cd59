import { forbidden } from '../../errors.ts';
import type { Tenant } from '../../tenant.ts';
import { askForSubscription } from './ask-for-subscription.ts';
import { checkFuture } from './check-future.ts';
import type { PauseBehavior } from './pause-behavior.type.ts';
import type { SubscriptionTools, WhichSubscription } from './subscription-tools.ts';

/**
 * Stops collecting what a subscription costs, until a date or until somebody resumes it. It stays what it is, with its access.
 * @returns the id of the row.
 * @throws Refusal FORBIDDEN for a customer; BAD_USER_INPUT; NOT_FOUND; CONFLICT where it has ended; STRIPE_ERROR.
 */
export async function pauseCollection(
  tools: SubscriptionTools,
  tenant: Tenant,
  { behavior, resumesAt, ...which }: WhichSubscription & { behavior: PauseBehavior; resumesAt?: Date | null },
): Promise<string> {
  if (which.ownCustomerId !== null) throw forbidden('A customer token does not pause what is collected.');
  return askForSubscription(tools, tenant, which, {
    pending: 'stays',
    fields: { 'pause_collection[behavior]': 'behavior', 'pause_collection[resumes_at]': 'resumesAt' },
    told: { pauseBehavior: behavior, pauseResumesAt: resumesAt ?? null },
    decide(_em, subscription) {
      if (resumesAt) checkFuture(resumesAt, 'resumesAt', subscription);
      return {
        behavior: behavior.toLowerCase() as Lowercase<PauseBehavior>,
        ...(resumesAt && { resumes_at: Math.floor(resumesAt.getTime() / 1000) }),
      };
    },
    send: (id, pause_collection, options) => tools.stripe.subscriptions.update(id, { pause_collection }, options),
  });
}
