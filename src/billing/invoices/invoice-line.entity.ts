import { defineEntity, p } from '@mikro-orm/core';
import { instant, timestamps } from '../../database/columns.ts';
import { rowsOfCustomersThrough } from '../../tenancy/teams/policies.ts';
import { tenant } from '../../tenancy/teams/tenant-columns.ts';
import { Price } from '../catalog/price.entity.ts';
import { Invoice } from './invoice.entity.ts';

/** One thing that an invoice bills, in minor units of `currency`; negative where it is credited. */
const schema = defineEntity({
  name: 'InvoiceLine',
  policies: rowsOfCustomersThrough('invoice', 'invoice_id'),
  uniques: [{ properties: ['invoice', 'stripeLineId'] }],
  properties: {
    id: p.text().primary(),
    ...tenant,
    invoice: () => p.manyToOne(Invoice).deleteRule('cascade'),
    /** Null where the amount stands for itself, and for a price that Stripe no longer knows. */
    price: () => p.manyToOne(Price).nullable().deleteRule('no action'),
    stripeLineId: p.text(),
    /** Stripe's `si_…` of the subscription's item that is billed. */
    stripeSubscriptionItemId: p.text().nullable(),
    description: p.text().nullable(),
    amount: p.bigint(),
    currency: p.text(),
    quantity: p.bigint().nullable(),
    tax: p.bigint(),
    /** Whether it settles a change in the middle of a period. */
    proration: p.boolean(),
    periodStart: instant(),
    periodEnd: instant(),
    ...timestamps,
  },
});

export class InvoiceLine extends schema.class {}
schema.setClass(InvoiceLine);
