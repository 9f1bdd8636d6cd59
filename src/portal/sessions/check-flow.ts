import type { EntityManager, Loaded } from '@mikro-orm/core';
import type { Customer } from '../../billing/customers/customer.entity.ts';
import { Subscription } from '../../billing/subscriptions/subscription.entity.ts';
import { badInput, conflict, notFound } from '../../errors.ts';
import { isId } from '../../ids.ts';
import { findOffers } from '../../tenancy/projects/find-offers.ts';
import type { Tenant } from '../../tenant.ts';
import type { PortalFlow } from './portal-session.entity.ts';

export type FlowInput = { type: PortalFlow; subscriptionId?: string | null };

const field = 'flow.subscriptionId';

/**
 * The subscription that a flow is about; null where it is about none.
 * @throws Refusal BAD_USER_INPUT where one is missing or too much; NOT_FOUND for one that is not the customer's; CONFLICT where it has
 * ended, is going to end anyway, waits for its first payment, or cannot change its plan.
 */
export async function checkFlow(
  { em }: { em: EntityManager },
  { projectId, environment }: Pick<Tenant, 'projectId' | 'environment'>,
  { customer, flow }: { customer: Customer; flow: FlowInput | null },
): Promise<Subscription | null> {
  if (!flow) return null;
  const { type, subscriptionId: id } = flow;
  if (type === 'UPDATE_PAYMENT_METHOD') {
    if (id != null) throw badInput('A payment method pays for all subscriptions. Leave the subscription out.', field);
    return null;
  }
  if (id == null) throw badInput(`Say which subscription the flow ${type} is about: \`ps_…\`.`, field);
  const side = { projectId, environment };
  const subscription =
    isId('ps', id) && (await em.findOne(Subscription, { id, customer, ...side }, { populate: ['items.price'] }));
  if (!subscription) throw notFound('subscription', field);
  if (subscription.endedAt) throw conflict('This subscription has ended. The customer can check out a new one.', field);
  if (type === 'CANCEL' && subscription.cancelAt)
    throw conflict('This subscription is going to end already. Open the portal without a flow to resume it.', field);
  if (type === 'CHANGE_PLAN') await refuseUnchangeable({ em }, side, subscription);
  return subscription;
}

async function refuseUnchangeable(
  { em }: { em: EntityManager },
  side: Pick<Tenant, 'projectId' | 'environment'>,
  subscription: Loaded<Subscription, 'items.price'>,
): Promise<void> {
  if (subscription.status === 'INCOMPLETE')
    throw conflict('This subscription waits for its first payment. Its plan can change once that is made.', field);
  const offers = (await findOffers({ em }, side, [subscription])).get(subscription.id);
  if (!offers)
    throw conflict(
      'The portal changes the plan of a subscription with one item that is billed by quantity. Change this one with updateSubscription.',
      field,
    );
  if (!offers.length)
    throw conflict(
      'The project offers no other plan in this currency. Add one to its plans or self-service prices (updateProjectSettings).',
      'flow.type',
    );
}
