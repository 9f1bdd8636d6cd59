import { defineEntity, p } from '@mikro-orm/core';
import { timestamps } from '../../database/columns.ts';
import { rowsOfCustomers } from '../../tenancy/teams/policies.ts';
import { mirrored, tenant } from '../../tenancy/teams/tenant-columns.ts';
import { Customer } from '../customers/customer.entity.ts';
import { Invoice } from '../invoices/invoice.entity.ts';
import { Payment } from '../payments/payment.entity.ts';

/** That a payment pays an invoice. Only ingestion writes it, and marks the payment. The amount is in minor units. */
const schema = defineEntity({
  name: 'InvoicePayment',
  policies: rowsOfCustomers(),
  uniques: [{ properties: ['connectionId', 'stripeInvoicePaymentId'] }],
  indexes: [{ properties: ['invoice'] }, { properties: ['payment'] }],
  properties: {
    id: p.text().primary(),
    ...tenant,
    ...mirrored,
    customer: () => p.manyToOne(Customer),
    invoice: () => p.manyToOne(Invoice).deleteRule('cascade'),
    /** Null: it was paid outside of Stripe, or by what has no payment here. */
    payment: () => p.manyToOne(Payment).nullable().deleteRule('no action'),
    stripeInvoicePaymentId: p.text(),
    /** Stripe's word: `open`, `paid` or `canceled`. */
    stripeStatus: p.text(),
    currency: p.text(),
    amountPaid: p.bigint().nullable(),
    ...timestamps,
  },
});

export class InvoicePayment extends schema.class {}
schema.setClass(InvoicePayment);
