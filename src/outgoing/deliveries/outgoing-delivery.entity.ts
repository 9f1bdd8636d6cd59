import { defineEntity, p } from '@mikro-orm/core';
import { createdAt, instant } from '../../database/columns.ts';
import { rowsOfSides } from '../../tenancy/teams/policies.ts';
import { tenant } from '../../tenancy/teams/tenant-columns.ts';
import { OutgoingEndpoint } from '../webhooks/outgoing-endpoint.entity.ts';
import { OutgoingMessage } from '../webhooks/outgoing-message.entity.ts';

export const outgoingDeliveryStatuses = ['PENDING', 'DELIVERED', 'FAILED'] as const;
export type OutgoingDeliveryStatus = (typeof outgoingDeliveryStatuses)[number];

/** A message on its way to one endpoint. Whoever changes a row in the project makes it, a customer's token too. */
const schema = defineEntity({
  name: 'OutgoingDelivery',
  policies: rowsOfSides(),
  uniques: [{ properties: ['message', 'endpoint'] }],
  indexes: [
    { properties: ['projectId', 'environment', 'id'] },
    {
      name: 'outgoing_delivery_due',
      expression: `create index outgoing_delivery_due on outgoing_delivery (endpoint_id, next_attempt_at) where status = 'PENDING'`,
    },
  ],
  properties: {
    id: p.text().primary(),
    ...tenant,
    message: () => p.manyToOne(OutgoingMessage).deleteRule('cascade'),
    endpoint: () => p.manyToOne(OutgoingEndpoint),
    /** That of the message. */
    type: p.text(),
    status: p.enum(outgoingDeliveryStatuses).columnType('text').default('PENDING'),
    /** Tries that were begun, the one under way too. A replay begins again. */
    attempts: p.integer().default(0),
    /** Null once it is done. */
    nextAttemptAt: instant().nullable(),
    lastAttemptAt: instant().nullable(),
    /** What the last try was answered: the HTTP status, and the first kilobyte of the body. */
    lastStatus: p.integer().nullable(),
    lastBody: p.text().nullable(),
    /** Why the last try failed. */
    lastError: p.text().nullable(),
    deliveredAt: instant().nullable(),
    createdAt: createdAt(),
  },
});

export class OutgoingDelivery extends schema.class {}
schema.setClass(OutgoingDelivery);
