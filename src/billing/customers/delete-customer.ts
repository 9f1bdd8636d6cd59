import { runStatement } from '../../database/run-statement.ts';
import { recordAnswer } from '../../ingestion/mirror/record-answer.ts';
import { laneOf } from '../../ingestion/mirror/stripe-lane.ts';
import { wakeLanes } from '../../lanes/wake-lanes.ts';
import { isNoSuchObject } from '../../stripe/stripe-trouble.ts';
import type { Tenant } from '../../tenant.ts';
import type { CustomerTools } from './ask-for-customer.ts';
import { findCustomer } from './find-customer.ts';
import { syncCustomers } from './sync-customers.ts';

/**
 * Deletes a customer in Stripe, which ends the subscriptions at once. Of the row stay its id and Stripe's, for what refers to them:
 * subscriptions, invoices, payments. All that is personal is erased. The worker asks Stripe for the subscriptions right away.
 * @throws Refusal NOT_FOUND; STRIPE_ERROR.
 */
export async function deleteCustomer(
  { stripe, operation, log }: Omit<CustomerTools, 'em'>,
  tenant: Tenant,
  { customerId }: { customerId: string },
): Promise<string> {
  const { connectionId } = tenant;
  return operation.askStripe({
    async prepare(em) {
      const { id, stripeCustomerId, evidence: basis } = await findCustomer({ em }, tenant, customerId);
      return { id, stripeCustomerId: stripeCustomerId!, basis };
    },
    // Stripe has no idempotency keys for this: where an earlier try did it, the customer is gone.
    send: ({ stripeCustomerId: id }, options) =>
      stripe.customers.del(id, {}, options).catch(async (failure) => {
        const known = isNoSuchObject(failure) ? await stripe.customers.retrieve(id) : null;
        if (!known?.deleted) throw failure;
        return known;
      }),
    async record(em, { id, stripeCustomerId, basis }, object) {
      const answered = { type: 'customer', id: stripeCustomerId, object, isDeleted: true, basis };
      await recordAnswer({ em, log, operation, sync: syncCustomers }, tenant, answered as never);
      const live = await runStatement<{ id: string }>(
        em,
        'select stripe_subscription_id as id from subscription where customer_id = $1 and ended_at is null',
        [id],
      );
      await wakeLanes(
        em,
        live.map(({ id }) => laneOf({ connectionId, object: 'subscription', id })),
      );
      return id;
    },
  });
}
