import { defineEntity, p } from '@mikro-orm/core';
import { Customer } from '../../billing/customers/customer.entity.ts';
import { instant } from '../../database/columns.ts';
import { rowsOfCustomers } from '../../tenancy/teams/policies.ts';
import { tenant } from '../../tenancy/teams/tenant-columns.ts';
import { Meter } from '../meters/meter.entity.ts';

/**
 * What the events of one hour (UTC) that count come to, so that no question adds up a month of events. Written in the transaction of
 * the events, always in the order of the key.
 */
const schema = defineEntity({
  name: 'UsageHour',
  policies: rowsOfCustomers(),
  properties: {
    customer: () => p.manyToOne(Customer).primary(),
    meter: () => p.manyToOne(Meter).primary(),
    /** When the hour begins. */
    hour: instant().primary(),
    ...tenant,
    count: p.bigint(),
    sum: p.decimal('string').columnType('numeric'),
    /** Null where no event has a value. */
    max: p.decimal('string').columnType('numeric(30,12)').nullable(),
    /** Of the latest event: its value, its time, and its id, which decides between events of the same time. */
    lastValue: p.decimal('string').columnType('numeric(30,12)').nullable(),
    lastAt: instant().nullable(),
    lastEventId: p.text().nullable(),
  },
});

export class UsageHour extends schema.class {}
schema.setClass(UsageHour);
