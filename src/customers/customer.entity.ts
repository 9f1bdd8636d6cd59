import { defineEntity, p } from '@mikro-orm/core';
import { instant, metadata, timestamps } from '../database/columns.ts';
import { Subscription } from '../subscriptions/subscription.entity.ts';
import { rowsOfCustomers } from '../teams/policies.ts';
import { mirrored, tenant } from '../teams/tenant-columns.ts';

/** A customer of the SaaS. Without `stripeCustomerId` the customer is still being made in Stripe, and nobody sees the row. */
const schema = defineEntity({
  name: 'Customer',
  policies: rowsOfCustomers('id'),
  uniques: [
    { properties: ['projectId', 'environment', 'email'] },
    { properties: ['projectId', 'environment', 'externalId'] },
    { properties: ['connectionId', 'stripeCustomerId'] },
  ],
  indexes: [{ properties: ['projectId', 'environment', 'createdAt', 'id'] }],
  properties: {
    id: p.text().primary(),
    ...tenant,
    ...mirrored,
    stripeCustomerId: p.text().nullable(),
    externalId: p.text().nullable(),
    /** Lower case: two spellings of one address are one customer. */
    email: p.text().nullable(),
    name: p.text().nullable(),
    metadata: metadata(),
    /** Stripe's `pm_…` that pays invoices unless a subscription names another; null where there is none. */
    stripeDefaultPaymentMethodId: p.text().nullable(),
    deletedAt: instant().nullable(),
    subscriptions: () => p.oneToMany(Subscription).mappedBy('customer'),
    ...timestamps,
  },
});

export class Customer extends schema.class {}
schema.setClass(Customer);
