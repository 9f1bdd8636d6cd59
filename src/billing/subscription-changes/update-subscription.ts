import type { Tenant } from '../../tenant.ts';
import { askForSubscription } from '../subscription-writes/ask-for-subscription.ts';
import type { SubscriptionTools } from '../subscription-writes/subscription-tools.ts';
import { fieldsOf } from './fields-of.ts';
import { planChange } from './plan-change.ts';
import { scheduleChange } from './schedule-change.ts';
import type { SubscriptionChange } from './subscription-change.ts';

/**
 * Changes what a subscription bills, now or with its next period. Where a payment is due at once and fails, nothing has changed.
 * @returns the id of the row.
 * @throws Refusal BAD_USER_INPUT with the field; NOT_FOUND; CONFLICT where the subscription has ended or waits for its first payment;
 * FORBIDDEN for what a customer may not choose; CARD_DECLINED; STRIPE_ERROR.
 */
export async function updateSubscription(
  tools: SubscriptionTools,
  tenant: Tenant,
  change: SubscriptionChange,
): Promise<string> {
  if (change.at === 'PERIOD_END') return scheduleChange(tools, tenant, change);
  const { subscriptionId, ownCustomerId, ...told } = change;
  return askForSubscription(
    tools,
    tenant,
    { subscriptionId, ownCustomerId },
    {
      pending: 'goes afterwards',
      told,
      fields: fieldsOf(change),
      async decide(em, subscription) {
        const { items, billing } = await planChange({ em }, tenant, subscription, change);
        return { items, ...billing, payment_behavior: 'error_if_incomplete' as const };
      },
      send: (id, parameters, options) => tools.stripe.subscriptions.update(id, parameters, options),
    },
  );
}
