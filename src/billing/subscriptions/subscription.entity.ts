import { defineEntity, p } from '@mikro-orm/core';
import { instant, metadata, timestamps } from '../../database/columns.ts';
import { rowsOfCustomers } from '../../tenancy/teams/policies.ts';
import { mirrored, tenant } from '../../tenancy/teams/tenant-columns.ts';
import { Price } from '../catalog/price.entity.ts';
import { Customer } from '../customers/customer.entity.ts';
import type { MirroredDiscount } from '../discounts/discount.ts';
import { Invoice } from '../invoices/invoice.entity.ts';
import { graceEndsAt } from './grace-ends-at.ts';
import { PendingChange } from './pending-change.entity.ts';
import { SubscriptionItem } from './subscription-item.entity.ts';
import { subscriptionStatuses } from './subscription-status.ts';

/** Stripe's subscription as it last provably was. Only ingestion writes it. */
const schema = defineEntity({
  name: 'Subscription',
  policies: rowsOfCustomers(),
  uniques: [{ properties: ['connectionId', 'stripeSubscriptionId'] }],
  indexes: [
    { properties: ['projectId', 'environment', 'createdAt', 'id'] },
    { properties: ['customer', 'createdAt', 'id'] },
  ],
  properties: {
    id: p.text().primary(),
    ...tenant,
    ...mirrored,
    customer: () => p.manyToOne(Customer),
    /** The price and quantity of the first item. */
    price: () => p.manyToOne(Price).nullable().deleteRule('no action'),
    quantity: p.integer().nullable(),
    stripeSubscriptionId: p.text(),
    /** ISO 4217, upper case. Null in a row that an older server wrote, without an item. */
    currency: p.text().nullable(),
    status: p.enum(subscriptionStatuses).columnType('text'),
    /** Stripe's own word, for a status that is newer than this server. */
    stripeStatus: p.text(),
    currentPeriodStart: instant().nullable(),
    currentPeriodEnd: instant().nullable(),
    trialStart: instant().nullable(),
    trialEnd: instant().nullable(),
    cancelAtPeriodEnd: p.boolean(),
    cancelAt: instant().nullable(),
    canceledAt: instant().nullable(),
    endedAt: instant().nullable(),
    /** What becomes of invoices while collection is paused, in Stripe's word, upper case. Null where it is not. */
    pauseBehavior: p.text().nullable(),
    pauseResumesAt: instant().nullable(),
    /** Stripe's schedule that the subscription is under: ours where a pending change names it. */
    stripeScheduleId: p.text().nullable(),
    /** Of the whole subscription, in the order in which they are taken off. */
    discounts: p.json<MirroredDiscount[]>().default('[]'),
    metadata: metadata(),
    /** Grows by one with each change of what the row and its items say: the number of its latest billing event. */
    revision: p.integer().default(1),
    items: () => p.oneToMany(SubscriptionItem).mappedBy('subscription'),
    pendingChanges: () => p.oneToMany(PendingChange).mappedBy('subscription'),
    invoices: () => p.oneToMany(Invoice).mappedBy('subscription'),
    graceEndsAt: instant().nullable().lazy().formula(graceEndsAt),
    ...timestamps,
  },
});

export class Subscription extends schema.class {}
schema.setClass(Subscription);
