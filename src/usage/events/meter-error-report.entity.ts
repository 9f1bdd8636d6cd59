import { defineEntity, p } from '@mikro-orm/core';
import { createdAt, instant } from '../../database/columns.ts';
import { rowsOfConnections } from '../../tenancy/teams/policies.ts';
import { mirrored } from '../../tenancy/teams/tenant-columns.ts';

/** Why events of a meter were not counted: how often, and a few of them. */
export type MeterErrorReason = {
  /** Stripe's word, such as `meter_event_customer_not_found`. */
  code: string;
  errorCount: number;
  samples: { message: string; identifier: string | null }[];
};

/**
 * Stripe could not count usage that was reported, in a window of time. A meter is the account's: the report belongs to the
 * connection, and to no project.
 */
const schema = defineEntity({
  name: 'MeterErrorReport',
  policies: rowsOfConnections(),
  uniques: [{ properties: ['connectionId', 'stripeEventId'] }],
  indexes: [{ properties: ['connectionId', 'createdAt', 'id'] }],
  properties: {
    id: p.text().primary(),
    ...mirrored,
    stripeEventId: p.text(),
    /** Null: Stripe could not tell which. */
    stripeMeterId: p.text().nullable(),
    summary: p.text(),
    windowStart: instant(),
    windowEnd: instant(),
    errorCount: p.bigint(),
    reasons: p.json<MeterErrorReason[]>(),
    /** When Stripe reported it. */
    createdAt: createdAt(),
  },
});

export class MeterErrorReport extends schema.class {}
schema.setClass(MeterErrorReport);
