import type { EntityManager } from '@mikro-orm/core';
import type Stripe from 'stripe';
import { routingMetadata } from '../tenant.ts';
import type { Customer } from './customer.entity.ts';

/** Makes the row's customer in Stripe, once however often it is tried, and records it. Nothing to do where it is recorded. */
export async function makeStripeCustomer(
  { em, stripe }: { em: EntityManager; stripe: Stripe },
  customer: Customer,
  teamId: string,
): Promise<void> {
  if (customer.stripeCustomerId) return;
  const { id, projectId, environment, email, name, metadata } = customer;
  const { id: stripeCustomerId } = await stripe.customers.create(
    {
      email: email ?? undefined,
      name: name ?? undefined,
      metadata: { ...metadata, ...routingMetadata({ teamId, projectId, environment }), billgraph_id: id },
    },
    { idempotencyKey: id },
  );
  customer.stripeCustomerId = stripeCustomerId;
  await em.flush();
}
