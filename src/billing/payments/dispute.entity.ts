import { defineEntity, p } from '@mikro-orm/core';
import { instant, metadata, timestamps } from '../../database/columns.ts';
import { rowsOfCustomers } from '../../tenancy/teams/policies.ts';
import { mirrored, tenant } from '../../tenancy/teams/tenant-columns.ts';
import { Customer } from '../customers/customer.entity.ts';
import { Charge } from './charge.entity.ts';
import { disputeStatuses } from './payment-statuses.ts';

/** A payer's bank takes a charge back, or asks about it. Only ingestion writes it. */
const schema = defineEntity({
  name: 'Dispute',
  policies: rowsOfCustomers(),
  uniques: [{ properties: ['connectionId', 'stripeDisputeId'] }],
  indexes: [{ properties: ['projectId', 'environment', 'createdAt', 'id'] }, { properties: ['charge'] }],
  properties: {
    id: p.text().primary(),
    ...tenant,
    ...mirrored,
    customer: () => p.manyToOne(Customer).nullable(),
    charge: () => p.manyToOne(Charge).deleteRule('no action'),
    stripeDisputeId: p.text(),
    status: p.enum(disputeStatuses).columnType('text'),
    /** Stripe's own word, for a status that is newer than this server. */
    stripeStatus: p.text(),
    /** ISO 4217, upper case; it may differ from the charge's. */
    currency: p.text(),
    /** In minor units. */
    amount: p.bigint(),
    /** Stripe's word, such as `fraudulent`. */
    reason: p.text(),
    /** Until when evidence is taken; null where it is too late, or none is asked for. */
    evidenceDueBy: instant().nullable(),
    hasEvidence: p.boolean(),
    metadata: metadata(),
    ...timestamps,
  },
});

export class Dispute extends schema.class {}
schema.setClass(Dispute);
