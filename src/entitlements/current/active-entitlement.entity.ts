import { defineEntity, p } from '@mikro-orm/core';
import { Customer } from '../../billing/customers/customer.entity.ts';
import { timestamps } from '../../database/columns.ts';
import { rowsOfCustomers } from '../../tenancy/teams/policies.ts';
import { tenant } from '../../tenancy/teams/tenant-columns.ts';
import { EntitlementSummary } from './entitlement-summary.entity.ts';

/** One feature that a customer may use now. What it may use no more has no row. */
const schema = defineEntity({
  name: 'ActiveEntitlement',
  policies: rowsOfCustomers(),
  uniques: [{ properties: ['summary', 'stripeFeatureId'] }],
  indexes: [{ properties: ['customer', 'lookupKey'] }],
  properties: {
    id: p.text().primary(),
    ...tenant,
    summary: () => p.manyToOne(EntitlementSummary).deleteRule('cascade'),
    customer: () => p.manyToOne(Customer),
    stripeEntitlementId: p.text(),
    stripeFeatureId: p.text(),
    /** The name that the SaaS gave the feature. */
    lookupKey: p.text(),
    ...timestamps,
  },
});

export class ActiveEntitlement extends schema.class {}
schema.setClass(ActiveEntitlement);
