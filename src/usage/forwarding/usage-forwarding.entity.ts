import { defineEntity, p } from '@mikro-orm/core';
import { Customer } from '../../billing/customers/customer.entity.ts';
import { createdAt, instant } from '../../database/columns.ts';
import { rowsOfCustomers } from '../../tenancy/teams/policies.ts';
import { tenant } from '../../tenancy/teams/tenant-columns.ts';
import { UsageEvent } from '../events/usage-event.entity.ts';
import { Meter } from '../meters/meter.entity.ts';
import { forwardingStates } from './forwarding-state.ts';

/**
 * The outbox of usage: what Stripe's meter is yet to be told of a usage event, and what became of it. Written in the transaction of
 * the event, and again in that which voids it, where Stripe may have counted it.
 */
const schema = defineEntity({
  name: 'UsageForwarding',
  policies: rowsOfCustomers(),
  uniques: [{ properties: ['usageEvent', 'isCorrection'] }],
  indexes: [
    {
      name: 'usage_forwarding_waiting',
      expression: `create index usage_forwarding_waiting on usage_forwarding (customer_id, meter_id, id) where state in ('PENDING', 'ASKED')`,
    },
    {
      name: 'usage_forwarding_failed',
      expression: `create index usage_forwarding_failed on usage_forwarding (meter_id, id) where state = 'FAILED'`,
    },
    // Which events one of Stripe's carries; and up to when Stripe's meter knows a last value.
    { properties: ['stripeIdentifier'] },
    { properties: ['customer', 'meter', 'stripeAt'] },
  ],
  properties: {
    id: p.text().primary(),
    ...tenant,
    customer: () => p.manyToOne(Customer),
    meter: () => p.manyToOne(Meter),
    usageEvent: () => p.manyToOne(UsageEvent),
    /** Whether it takes back what was sent of an event that was voided since. */
    isCorrection: p.boolean().default(false),
    /** What it adds, below zero for a correction. Null: Stripe is sent the value that the period has, not what each event adds. */
    quantity: p.decimal('string').columnType('numeric(30,12)').nullable(),
    /** When it was used. */
    occurredAt: instant(),
    state: p.enum(forwardingStates).columnType('text').default('PENDING'),
    /** Of the event of Stripe's that carries it, perhaps with others; kept for every further try. */
    stripeIdentifier: p.text().nullable(),
    /** The time and the value of that event, in whole seconds. */
    stripeAt: instant().nullable(),
    stripeValue: p.decimal('string').columnType('numeric(30,12)').nullable(),
    /** When Stripe was first asked to count it. */
    askedAt: instant().nullable(),
    countedAt: instant().nullable(),
    failureCode: p.text().nullable(),
    failureMessage: p.text().nullable(),
    createdAt: createdAt(),
  },
});

export class UsageForwarding extends schema.class {}
schema.setClass(UsageForwarding);
