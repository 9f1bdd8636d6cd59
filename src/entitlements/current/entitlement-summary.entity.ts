import { defineEntity, p } from '@mikro-orm/core';
import { Customer } from '../../billing/customers/customer.entity.ts';
import { timestamps } from '../../database/columns.ts';
import { rowsOfCustomers } from '../../tenancy/teams/policies.ts';
import { mirrored, tenant } from '../../tenancy/teams/tenant-columns.ts';
import { ActiveEntitlement } from './active-entitlement.entity.ts';

/** What a customer is entitled to, all together: Stripe tells it as one thing, by the customer's id. Only ingestion writes it. */
const schema = defineEntity({
  name: 'EntitlementSummary',
  policies: rowsOfCustomers(),
  uniques: [{ properties: ['connectionId', 'stripeCustomerId'] }],
  indexes: [{ properties: ['customer'] }],
  properties: {
    id: p.text().primary(),
    ...tenant,
    ...mirrored,
    customer: () => p.manyToOne(Customer),
    stripeCustomerId: p.text(),
    entitlements: () => p.oneToMany(ActiveEntitlement).mappedBy('summary'),
    ...timestamps,
  },
});

export class EntitlementSummary extends schema.class {}
schema.setClass(EntitlementSummary);
