import { defineEntity, p } from '@mikro-orm/core';
import { instant, timestamps } from '../../database/columns.ts';
import { rowsForEveryone } from '../../tenancy/teams/policies.ts';
import { mirrored, tenant } from '../../tenancy/teams/tenant-columns.ts';
import { aggregations, stripeFormulas } from './aggregation.ts';

/** Something that customers use, and how the events of a time come to one number. Stripe has each as a meter of the account. */
const schema = defineEntity({
  name: 'Meter',
  policies: rowsForEveryone({ writtenBy: 'projects' }),
  uniques: [
    { properties: ['projectId', 'environment', 'eventName'] },
    { properties: ['connectionId', 'stripeMeterId'] },
  ],
  indexes: [{ properties: ['projectId', 'environment', 'createdAt', 'id'] }],
  properties: {
    id: p.text().primary(),
    ...tenant,
    ...mirrored,
    /** What the SaaS calls it: `api_calls`. */
    eventName: p.text(),
    displayName: p.text(),
    /** What is counted, for people: `calls`, `GB`. */
    unit: p.text().nullable(),
    aggregation: p.enum(aggregations).columnType('text'),
    /** Null while it is being made in Stripe: nobody sees the row then. */
    stripeMeterId: p.text().nullable(),
    /** Stripe's name for its events. A name is one meter of the account, which several projects may share. */
    stripeEventName: p.text(),
    /** How Stripe brings the events of a period to one number. */
    stripeFormula: p.enum(stripeFormulas).columnType('text'),
    /** Where Stripe's meter looks for the customer and for the value in what it is sent. */
    customerPayloadKey: p.text().default('stripe_customer_id'),
    valuePayloadKey: p.text().default('value'),
    archivedAt: instant().nullable(),
    ...timestamps,
  },
});

export class Meter extends schema.class {}
schema.setClass(Meter);
