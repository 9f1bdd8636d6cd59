import type { Tenant } from '../../tenant.ts';
import { askForSubscription } from './ask-for-subscription.ts';
import { refuseSellersEnd } from './find-subscription.ts';
import type { SubscriptionTools, WhichSubscription } from './subscription-tools.ts';

/**
 * Takes back the end that was set for a subscription; goes on with one that is PAUSED, whose invoice is then to be paid first.
 * @returns the id of the row.
 * @throws Refusal NOT_FOUND; FORBIDDEN for a customer where the seller has set the date; CONFLICT where it has ended; STRIPE_ERROR.
 */
export async function resumeSubscription(
  tools: SubscriptionTools,
  tenant: Tenant,
  which: WhichSubscription,
): Promise<string> {
  const { subscriptions } = tools.stripe;
  return askForSubscription(tools, tenant, which, {
    pending: 'stays',
    told: { resumed: true },
    decide(_em, subscription) {
      refuseSellersEnd(subscription, which);
      const { status, cancelAt, cancelAtPeriodEnd, stripeScheduleId } = subscription;
      return {
        // Under a schedule no end is set beside it, and Stripe takes none back.
        isScheduled: stripeScheduleId != null && cancelAt == null,
        isPaused: status === 'PAUSED',
        hasDate: cancelAt != null && !cancelAtPeriodEnd,
      };
    },
    send(id, { isPaused, hasDate, isScheduled }, options) {
      if (isPaused) return subscriptions.resume(id, { payment_behavior: 'resume_on_payment_success' }, options);
      if (isScheduled) return subscriptions.update(id, {}, options);
      return subscriptions.update(id, hasDate ? { cancel_at: '' } : { cancel_at_period_end: false }, options);
    },
  });
}
