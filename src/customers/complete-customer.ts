import type { EntityManager } from '@mikro-orm/core';
import { TryLater } from '../lanes/lane-kind.ts';
import type { StripeConnections } from '../stripe/stripe-connections.ts';
import { isStripeTrouble } from '../stripe/stripe-trouble.ts';
import { certainlyNotDone } from '../stripe/translate-stripe-failure.ts';
import { Customer } from './customer.entity.ts';
import { makeStripeCustomer } from './make-stripe-customer.ts';

export const customerCompletionPrefix = 'complete-customer';

/** The lane that finishes a customer whose call died between our row and Stripe's answer. */
export const customerCompletionLane = (customerId: string) => `${customerCompletionPrefix}/${customerId}`;

/**
 * Finishes what createCustomer began: the same idempotency key, so that Stripe never makes a second customer. One that Stripe
 * refuses for good (it would have answered the customer, had it made one) goes, and its email is free again.
 * @throws TryLater where Stripe is not at our service, however long that takes.
 */
export async function completeCustomer(
  { em, connections }: { em: EntityManager; connections: StripeConnections },
  laneKey: string,
): Promise<void> {
  const id = laneKey.slice(customerCompletionPrefix.length + 1);
  const customer = await em.findOne(Customer, { id, stripeCustomerId: null });
  const connection = customer && (await connections.byId(customer.connectionId));
  if (!connection) return;
  try {
    await makeStripeCustomer({ em, stripe: connection.stripe }, customer, connection.teamId);
  } catch (failure) {
    if (isStripeTrouble(failure)) throw new TryLater(`Stripe: ${(failure as Error).message}`, { cause: failure });
    if (!certainlyNotDone(failure)) throw failure;
    await em.remove(customer).flush();
  }
}
