import { defineEntity, p } from '@mikro-orm/core';
import { Customer } from '../../billing/customers/customer.entity.ts';
import { createdAt, instant } from '../../database/columns.ts';
import { rowsOfCustomers } from '../../tenancy/teams/policies.ts';
import { tenant } from '../../tenancy/teams/tenant-columns.ts';

/** Something that the endpoints of a project are told, once for all of them. Written in the transaction of the change. */
const schema = defineEntity({
  name: 'OutgoingMessage',
  policies: rowsOfCustomers(),
  indexes: [{ properties: ['projectId', 'environment', 'id'] }, { properties: ['createdAt'] }],
  properties: {
    /** The `webhook-id` of all of its deliveries. */
    id: p.text().primary(),
    ...tenant,
    customer: () => p.manyToOne(Customer).nullable(),
    type: p.text(),
    /** Ids and states, nothing personal: see outgoing-event-types.ts. Sent as it stands, and signed with it. */
    data: p.json<Record<string, unknown>>().columnType('json'),
    occurredAt: instant(),
    createdAt: createdAt(),
  },
});

export class OutgoingMessage extends schema.class {}
schema.setClass(OutgoingMessage);
