import type { EntityManager } from '@mikro-orm/core';
import type Stripe from 'stripe';
import { badInput } from '../../errors.ts';
import { isId } from '../../ids.ts';
import type { Tenant } from '../../tenant.ts';
import { Customer } from '../customers/customer.entity.ts';
import { Subscription } from '../subscriptions/subscription.entity.ts';
import type { InvoicePreview } from './invoice-preview.ts';
import { previewInvoice } from './preview-invoice.ts';

/** Whose next invoice: a customer's, of whichever subscription is billed first, or that of one subscription. */
export type Upcoming = { customerId?: string | null; subscriptionId?: string | null };

/**
 * What Stripe bills next. A subscription that has ended, or is set to end, has nothing to come.
 * @param own the customer whom a customer token speaks for: it reaches nobody else's. Null for a key.
 * @returns null where nothing comes, and where the tenant has no such customer or subscription.
 * @throws Refusal BAD_USER_INPUT where not exactly one is named; Stripe's failure.
 */
export async function upcomingInvoice(
  { em, stripe }: { em: EntityManager; stripe: Stripe },
  { projectId, environment }: Pick<Tenant, 'projectId' | 'environment'>,
  { customerId, subscriptionId }: Upcoming,
  own: string | null,
): Promise<InvoicePreview | null> {
  if (customerId != null && subscriptionId != null)
    throw badInput('Name a customer or a subscription, not both.', 'subscriptionId');
  const tenant = { projectId, environment };
  if (subscriptionId != null) {
    const ofOwn = own === null ? {} : { customer: own };
    const id = subscriptionId;
    const subscription = isId('ps', id) && (await em.findOne(Subscription, { id, ...tenant, ...ofOwn }));
    if (!subscription || subscription.endedAt) return null;
    return previewInvoice({ em, stripe }, tenant, { subscription: subscription.stripeSubscriptionId });
  }
  const id = customerId ?? own;
  if (id === null) throw badInput('Name a customer or a subscription.', 'customerId');
  if (own !== null && id !== own) return null;
  const visible = { stripeCustomerId: { $ne: null }, deletedAt: null };
  const customer = isId('pc', id) && (await em.findOne(Customer, { id, ...tenant, ...visible }));
  return customer ? previewInvoice({ em, stripe }, tenant, { customer: customer.stripeCustomerId! }) : null;
}
