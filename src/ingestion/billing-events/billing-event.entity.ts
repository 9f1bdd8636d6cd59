import { defineEntity, p } from '@mikro-orm/core';
import { Customer } from '../../billing/customers/customer.entity.ts';
import { createdAt, instant } from '../../database/columns.ts';
import { rowsOfCustomers } from '../../tenancy/teams/policies.ts';
import { tenant } from '../../tenancy/teams/tenant-columns.ts';
import { billingEventTypes } from './billing-event-types.ts';

/**
 * A fact of billing, once: written in the transaction that changed the row it tells of, from the difference of the row's old
 * and new state. What follows from facts (outgoing webhooks, referrals, movements of revenue) follows from here.
 */
const schema = defineEntity({
  name: 'BillingEvent',
  policies: rowsOfCustomers(),
  indexes: [{ properties: ['projectId', 'environment', 'id'] }, { properties: ['subjectId', 'id'] }],
  properties: {
    id: p.text().primary(),
    ...tenant,
    customer: () => p.manyToOne(Customer).nullable(),
    type: p.enum(billingEventTypes).columnType('text'),
    /** Our id of the row that changed. */
    subjectId: p.text(),
    /** What makes the fact one: `<type>/<subject>` and, where it can happen again, which time. */
    businessKey: p.text().unique(),
    /** What changed, as it was; null where nothing was. */
    before: p.json<Record<string, unknown>>().nullable(),
    after: p.json<Record<string, unknown>>(),
    /** When it happened, by Stripe's clock: long before `createdAt` where an account was taken in. */
    occurredAt: instant(),
    createdAt: createdAt(),
  },
});

export class BillingEvent extends schema.class {}
schema.setClass(BillingEvent);
