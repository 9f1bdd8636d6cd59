import { defineEntity, p } from '@mikro-orm/core';
import { Customer } from '../../billing/customers/customer.entity.ts';
import { instant, timestamps } from '../../database/columns.ts';
import { Feature } from '../../entitlements/features/feature.entity.ts';
import { rowsSeenByCustomers } from '../../tenancy/teams/policies.ts';
import { tenant } from '../../tenancy/teams/tenant-columns.ts';
import { UsageEvent } from '../events/usage-event.entity.ts';
import { Meter } from '../meters/meter.entity.ts';
import { reservationStatuses } from './reservation-status.ts';

/** Usage that a customer is about to have: held against his limits until it is committed, released, or its time is over. */
const schema = defineEntity({
  name: 'UsageReservation',
  policies: rowsSeenByCustomers(),
  indexes: [
    {
      // What has expired stays HELD, and is never read again: of a customer there may be any number.
      name: 'usage_reservation_holding',
      expression: `create index usage_reservation_holding on usage_reservation (customer_id, expires_at) where status = 'HELD'`,
    },
  ],
  properties: {
    id: p.text().primary(),
    ...tenant,
    customer: () => p.manyToOne(Customer),
    feature: () => p.manyToOne(Feature),
    /** The feature's: what is held for one feature is held for all that the meter counts against. */
    meter: () => p.manyToOne(Meter),
    amount: p.decimal('string').columnType('numeric(30,12)'),
    status: p.enum(reservationStatuses).columnType('text'),
    expiresAt: instant(),
    /** When it was committed or released. */
    endedAt: instant().nullable(),
    /** The usage that was committed; null otherwise. */
    usageEvent: () => p.manyToOne(UsageEvent).nullable().deleteRule('no action'),
    actorKind: p.text(),
    actorId: p.text(),
    ...timestamps,
  },
});

export class UsageReservation extends schema.class {}
schema.setClass(UsageReservation);
