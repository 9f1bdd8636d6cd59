import { forbidden } from '../../errors.ts';
import type { Tenant } from '../../tenant.ts';
import { askForSubscription } from './ask-for-subscription.ts';
import type { SubscriptionTools, WhichSubscription } from './subscription-tools.ts';

/**
 * Collects again what a subscription costs. Invoices that were made meanwhile stay as the pause left them.
 * @returns the id of the row.
 * @throws Refusal FORBIDDEN for a customer; NOT_FOUND; CONFLICT where it has ended; STRIPE_ERROR.
 */
export async function resumeCollection(
  tools: SubscriptionTools,
  tenant: Tenant,
  which: WhichSubscription,
): Promise<string> {
  if (which.ownCustomerId !== null) throw forbidden('A customer token does not resume what is collected.');
  return askForSubscription(tools, tenant, which, {
    pending: 'stays',
    told: { pauseBehavior: null },
    decide: () => null,
    send: (id, _nothing, options) => tools.stripe.subscriptions.update(id, { pause_collection: '' }, options),
  });
}
