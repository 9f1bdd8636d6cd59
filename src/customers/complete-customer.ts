import type { EntityManager } from '@mikro-orm/core';
import type { StripeConnections } from '../stripe/stripe-connections.ts';
import { Customer } from './customer.entity.ts';
import { makeStripeCustomer } from './make-stripe-customer.ts';

export const customerCompletionPrefix = 'complete-customer';

/** The lane that finishes a customer whose call died between our row and Stripe's answer. */
export const customerCompletionLane = (customerId: string) => `${customerCompletionPrefix}/${customerId}`;

/** Finishes what createCustomer began: the same idempotency key, so that Stripe never makes a second customer. */
export async function completeCustomer(
  { em, connections }: { em: EntityManager; connections: StripeConnections },
  laneKey: string,
): Promise<void> {
  const id = laneKey.slice(customerCompletionPrefix.length + 1);
  const customer = await em.findOne(Customer, { id, stripeCustomerId: null });
  const connection = customer && (await connections.byId(customer.connectionId));
  if (connection) await makeStripeCustomer({ em, stripe: connection.stripe }, customer, connection.teamId);
}
