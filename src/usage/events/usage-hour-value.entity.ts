import { defineEntity, p } from '@mikro-orm/core';
import { Customer } from '../../billing/customers/customer.entity.ts';
import { instant } from '../../database/columns.ts';
import { rowsOfCustomers } from '../../tenancy/teams/policies.ts';
import { tenant } from '../../tenancy/teams/tenant-columns.ts';
import { Meter } from '../meters/meter.entity.ts';

/** A value that was reported in an hour (UTC), for meters that count different ones. Written with the hour's UsageHour, after it. */
const schema = defineEntity({
  name: 'UsageHourValue',
  policies: rowsOfCustomers(),
  properties: {
    customer: () => p.manyToOne(Customer).primary(),
    meter: () => p.manyToOne(Meter).primary(),
    hour: instant().primary(),
    value: p.text().primary(),
    ...tenant,
    /** Of how many events. */
    count: p.bigint(),
  },
});

export class UsageHourValue extends schema.class {}
schema.setClass(UsageHourValue);
