import { defineEntity, p } from '@mikro-orm/core';
import { createdAt, instant } from '../../database/columns.ts';
import { StripeConnection } from '../../tenancy/connections/stripe-connection.entity.ts';
import { rowsOfConnections } from '../../tenancy/teams/policies.ts';

export const driftReasons = [
  'WEBHOOK_MISSING',
  'WEBHOOK_FAILED',
  'EDITED_IN_STRIPE',
  'DIFFERENT_LIVE_SUBSCRIPTION',
  'WRONG_MODE',
] as const;
export type DriftReason = (typeof driftReasons)[number];

/** One field of one row that was found to differ from Stripe's object. It stays when it is healed: the report is a history. */
const schema = defineEntity({
  name: 'DriftFinding',
  policies: rowsOfConnections(),
  indexes: [
    { properties: ['connectionId', 'id'] },
    {
      name: 'drift_finding_open',
      expression: `create unique index drift_finding_open on drift_finding (connection_id, object_id, coalesce(field, '')) where healed_at is null`,
    },
  ],
  properties: {
    id: p.text().primary(),
    connectionId: () => p.manyToOne(StripeConnection).mapToPk().joinColumn('connection_id'),
    objectType: p.text(),
    objectId: p.text(),
    /** Null: we have no row of the object. */
    field: p.text().nullable(),
    local: p.text().nullable(),
    stripe: p.text().nullable(),
    reason: p.enum(driftReasons).columnType('text'),
    /** When it was first seen. */
    createdAt: createdAt(),
    healedAt: instant().nullable(),
  },
});

export class DriftFinding extends schema.class {}
schema.setClass(DriftFinding);
