import { conflict } from '../../errors.ts';
import type { Tenant } from '../../tenant.ts';
import { askForSubscription } from '../subscription-writes/ask-for-subscription.ts';
import { releaseSchedule, scheduleOf } from '../subscription-writes/pending-schedule.ts';
import type { SubscriptionTools, WhichSubscription } from '../subscription-writes/subscription-tools.ts';

/**
 * Takes back what was to change at the end of the period.
 * @returns the id of the row.
 * @throws Refusal NOT_FOUND; CONFLICT where nothing is pending, the subscription has ended, or its schedule was made in Stripe; STRIPE_ERROR.
 */
export async function discardPendingChange(
  tools: SubscriptionTools,
  tenant: Tenant,
  which: WhichSubscription,
): Promise<string> {
  const { stripe } = tools;
  return askForSubscription(tools, tenant, which, {
    pending: 'stays',
    told: { pendingChange: null },
    decide(_em, subscription) {
      const scheduleId = scheduleOf(subscription);
      if (scheduleId && !subscription.pendingChanges[0]?.appliedAt) return { scheduleId };
      throw conflict('Nothing of this subscription is going to change.', 'subscriptionId');
    },
    async send(id, { scheduleId }, options) {
      await releaseSchedule(stripe, scheduleId, options);
      return stripe.subscriptions.retrieve(id);
    },
  });
}
