import type { EntityManager } from '@mikro-orm/core';
import { conflict, forbidden, notFound } from '../../errors.ts';
import { isId } from '../../ids.ts';
import type { Tenant } from '../../tenant.ts';
import { Subscription } from '../subscriptions/subscription.entity.ts';
import type { WhichSubscription } from './subscription-tools.ts';

/**
 * The subscription that an input names, with its items and their prices, if the tenant has it and the caller may reach it.
 * @throws Refusal NOT_FOUND; CONFLICT where it has ended.
 */
export async function findSubscription(
  { em }: { em: EntityManager },
  { projectId, environment }: Pick<Tenant, 'projectId' | 'environment'>,
  { subscriptionId: id, ownCustomerId }: WhichSubscription,
) {
  const own = ownCustomerId === null ? {} : { customer: ownCustomerId };
  const found = isId('ps', id)
    ? await em.findOne(
        Subscription,
        { id, projectId, environment, ...own },
        { populate: ['items.price.product', 'pendingChanges'] },
      )
    : null;
  if (!found) throw notFound('subscription', 'subscriptionId');
  if (found.endedAt) throw hasEnded();
  return found;
}

export type FoundSubscription = Awaited<ReturnType<typeof findSubscription>>;

/**
 * An end that the seller set by a date is not the customer's to take back, nor to bring forward.
 * @throws Refusal FORBIDDEN.
 */
export function refuseSellersEnd(
  { cancelAt, cancelAtPeriodEnd, currentPeriodEnd }: FoundSubscription,
  { ownCustomerId }: Pick<WhichSubscription, 'ownCustomerId'>,
): void {
  const isDated = cancelAt && !cancelAtPeriodEnd && cancelAt.getTime() !== currentPeriodEnd?.getTime();
  if (ownCustomerId !== null && isDated)
    throw forbidden('The seller has set when this subscription ends. A customer token does not change that.');
}

export const hasEnded = () =>
  conflict('This subscription has ended, which is final. Start a new one by a checkout.', 'subscriptionId');
