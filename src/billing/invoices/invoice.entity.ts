import { defineEntity, p } from '@mikro-orm/core';
import { instant, metadata, timestamps } from '../../database/columns.ts';
import { rowsOfCustomers } from '../../tenancy/teams/policies.ts';
import { mirrored, tenant } from '../../tenancy/teams/tenant-columns.ts';
import { Customer } from '../customers/customer.entity.ts';
import { Payment } from '../payments/payment.entity.ts';
import { Subscription } from '../subscriptions/subscription.entity.ts';
import { InvoiceLine } from './invoice-line.entity.ts';
import { invoiceStatuses } from './invoice-status.ts';

/**
 * Stripe's invoice as it last provably was. Only ingestion writes it. Amounts are in minor units of `currency` (ISO 4217,
 * upper case). A draft that was deleted in Stripe has no row any more: nobody owed it.
 */
const schema = defineEntity({
  name: 'Invoice',
  policies: rowsOfCustomers(),
  uniques: [{ properties: ['connectionId', 'stripeInvoiceId'] }],
  indexes: [
    { properties: ['projectId', 'environment', 'createdAt', 'id'] },
    { properties: ['customer', 'createdAt', 'id'] },
    { properties: ['subscription', 'createdAt', 'id'] },
  ],
  properties: {
    id: p.text().primary(),
    ...tenant,
    ...mirrored,
    customer: () => p.manyToOne(Customer),
    /** Null for an invoice of single items. */
    subscription: () => p.manyToOne(Subscription).nullable().deleteRule('no action'),
    stripeInvoiceId: p.text(),
    /** Null until it is finalized. */
    number: p.text().nullable(),
    status: p.enum(invoiceStatuses).columnType('text'),
    /** Stripe's own word, for a status that is newer than this server. */
    stripeStatus: p.text(),
    /** Stripe's words, upper case: SUBSCRIPTION_CYCLE; CHARGE_AUTOMATICALLY or SEND_INVOICE. */
    billingReason: p.text().nullable(),
    collectionMethod: p.text(),
    currency: p.text(),
    subtotal: p.bigint(),
    tax: p.bigint(),
    total: p.bigint(),
    amountDue: p.bigint(),
    amountPaid: p.bigint(),
    amountRemaining: p.bigint(),
    attemptCount: p.integer(),
    nextPaymentAttempt: instant().nullable(),
    periodStart: instant(),
    periodEnd: instant(),
    dueDate: instant().nullable(),
    finalizedAt: instant().nullable(),
    paidAt: instant().nullable(),
    voidedAt: instant().nullable(),
    markedUncollectibleAt: instant().nullable(),
    hostedInvoiceUrl: p.text().nullable(),
    invoicePdf: p.text().nullable(),
    description: p.text().nullable(),
    metadata: metadata(),
    payments: () => p.oneToMany(Payment).mappedBy('invoice'),
    lines: () => p.oneToMany(InvoiceLine).mappedBy('invoice'),
    ...timestamps,
  },
});

export class Invoice extends schema.class {}
schema.setClass(Invoice);
