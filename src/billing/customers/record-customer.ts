import type Stripe from 'stripe';
import { recordAnswer } from '../../ingestion/mirror/record-answer.ts';
import { laneOf } from '../../ingestion/mirror/stripe-lane.ts';
import { wakeLanes } from '../../lanes/wake-lanes.ts';
import type { Tenant } from '../../tenant.ts';
import type { CustomerTools } from './ask-for-customer.ts';
import { Customer } from './customer.entity.ts';
import { syncCustomers } from './sync-customers.ts';

/**
 * Brings a customer that a call changed in Stripe, and whose address it left alone, to the row. Where Stripe has another address than we know, somebody
 * gave him that in Stripe: whether it is another customer's, a customer's token cannot see, and the worker writes it.
 * @param answered.id the id of the row; `basis` is its evidence before Stripe was asked.
 */
export async function recordCustomer(
  { em, log, operation }: Pick<CustomerTools, 'em' | 'log' | 'operation'>,
  tenant: Tenant,
  { id, object, basis }: { id: string; object: Stripe.Response<Stripe.Customer>; basis: number },
): Promise<void> {
  const { email } = await em.findOneOrFail(Customer, { id });
  if ((object.email?.trim().toLowerCase() ?? null) === email) {
    const answered = { type: 'customer', id: object.id, object, basis };
    return recordAnswer({ em, log, operation, sync: syncCustomers }, tenant, answered);
  }
  const lane = laneOf({ connectionId: tenant.connectionId, object: 'customer', id: object.id });
  await wakeLanes(em, [lane]);
  operation.waitForLane(lane);
}
