import { defineEntity, p } from '@mikro-orm/core';
import { Customer } from '../../billing/customers/customer.entity.ts';
import { createdAt, instant } from '../../database/columns.ts';
import { rowsOfCustomers } from '../../tenancy/teams/policies.ts';
import { inTenantOf, tenant } from '../../tenancy/teams/tenant-columns.ts';
import { Meter } from '../meters/meter.entity.ts';

/** The row of the outbox that tells Stripe's meter of an event, or of its correction. */
const forwardingOf = (at: Readonly<Record<string, string>>, isCorrection: boolean) =>
  `select f.id from usage_forwarding f where f.usage_event_id = ${at.id} and f.is_correction = ${isCorrection} and ${inTenantOf(at, 'f')}`;

/** Something that a customer used, as it was reported. It is never deleted: what was wrong is voided, and the row says why. */
const schema = defineEntity({
  name: 'UsageEvent',
  policies: rowsOfCustomers(),
  uniques: [{ properties: ['projectId', 'environment', 'identifier'] }],
  indexes: [
    { properties: ['projectId', 'environment', 'createdAt', 'id'] },
    { properties: ['customer', 'createdAt', 'id'] },
    { properties: ['meter', 'customer', 'occurredAt', 'id'] },
  ],
  properties: {
    id: p.text().primary(),
    ...tenant,
    customer: () => p.manyToOne(Customer),
    meter: () => p.manyToOne(Meter),
    /** By which a report that is sent again is known. */
    identifier: p.text(),
    /** Null where a meter counts `uniqueValue`s; 1 where it counts events. */
    value: p.decimal('string').columnType('numeric(30,12)').nullable(),
    uniqueValue: p.text().nullable(),
    occurredAt: instant(),
    /** Since then it counts no more. */
    voidedAt: instant().nullable(),
    voidReason: p.text().nullable(),
    /** The event that stands for this one since it was voided. */
    replacedBy: () => p.manyToOne(UsageEvent).nullable(),
    forwardingId: p
      .text()
      .nullable()
      .lazy()
      .formula((at) => forwardingOf(at, false)),
    withdrawalId: p
      .text()
      .nullable()
      .lazy()
      .formula((at) => forwardingOf(at, true)),
    /** Who reported it: an ActorKind of the audit log, and its id. */
    actorKind: p.text(),
    actorId: p.text(),
    createdAt: createdAt(),
  },
});

export class UsageEvent extends schema.class {}
schema.setClass(UsageEvent);
