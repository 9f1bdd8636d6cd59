import type { EntityManager } from '@mikro-orm/core';
import type Stripe from 'stripe';
import { Subscription } from '../../billing/subscriptions/subscription.entity.ts';
import { statusesWithAccess, subscriptionStatusOf } from '../../billing/subscriptions/subscription-status.ts';
import type { OpenConnection } from '../../stripe/stripe-connections.ts';
import { idOf } from '../mirror/seen.ts';

const givesAccess = ({ status }: { status: string }) => statusesWithAccess.includes(subscriptionStatusOf(status));

/**
 * The customer's other live subscriptions in Stripe, where Stripe has ended a subscription that gives access here. They
 * are to be brought first: what gives access comes before what takes it, so that no customer is without access in between.
 */
export async function otherLiveSubscriptions(
  { em }: { em: EntityManager },
  connection: OpenConnection,
  ended: Stripe.Subscription,
): Promise<string[]> {
  if (givesAccess(ended)) return [];
  const ofStripe = { connectionId: connection.id, stripeSubscriptionId: ended.id };
  if (!(await em.count(Subscription, { ...ofStripe, status: { $in: [...statusesWithAccess] } }))) return [];
  const others: string[] = [];
  for await (const other of connection.stripe.subscriptions.list({ customer: idOf(ended.customer), limit: 100 }))
    if (other.id !== ended.id && givesAccess(other)) others.push(other.id);
  return others;
}
