import { defineEntity, p } from '@mikro-orm/core';
import { Customer } from '../../billing/customers/customer.entity.ts';
import { instant } from '../../database/columns.ts';
import { rowsOfCustomers } from '../../tenancy/teams/policies.ts';
import { tenant } from '../../tenancy/teams/tenant-columns.ts';

/** An active entitlement of Stripe's that is active no more: written by the statement that deletes its row, so that the past can be explained. */
const schema = defineEntity({
  name: 'EndedEntitlement',
  policies: rowsOfCustomers(),
  indexes: [{ properties: ['customer', 'lookupKey'] }],
  properties: {
    id: p.text().primary(),
    ...tenant,
    customer: () => p.manyToOne(Customer),
    stripeEntitlementId: p.text(),
    stripeFeatureId: p.text(),
    lookupKey: p.text(),
    /** When we learnt of it, and when of its end. */
    startedAt: instant(),
    endedAt: instant(),
  },
});

export class EndedEntitlement extends schema.class {}
schema.setClass(EndedEntitlement);
