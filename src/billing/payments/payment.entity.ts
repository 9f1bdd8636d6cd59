import { defineEntity, p } from '@mikro-orm/core';
import { instant, metadata, timestamps } from '../../database/columns.ts';
import { rowsOfCustomers } from '../../tenancy/teams/policies.ts';
import { inTenantOf, mirrored, tenant } from '../../tenancy/teams/tenant-columns.ts';
import { Customer } from '../customers/customer.entity.ts';
import { Invoice } from '../invoices/invoice.entity.ts';
import { Charge } from './charge.entity.ts';
import { paymentStatuses } from './payment-statuses.ts';

/**
 * A payment: Stripe's PaymentIntent as it last provably was, with all its attempts. Only ingestion writes it. Amounts are in
 * minor units of `currency` (ISO 4217, upper case).
 */
const schema = defineEntity({
  name: 'Payment',
  policies: rowsOfCustomers(),
  uniques: [{ properties: ['connectionId', 'stripePaymentIntentId'] }],
  indexes: [
    { properties: ['projectId', 'environment', 'createdAt', 'id'] },
    { properties: ['customer', 'createdAt', 'id'] },
    { properties: ['invoice', 'createdAt', 'id'] },
  ],
  properties: {
    id: p.text().primary(),
    ...tenant,
    ...mirrored,
    /** Null: a guest paid. */
    customer: () => p.manyToOne(Customer).nullable(),
    stripePaymentIntentId: p.text(),
    status: p.enum(paymentStatuses).columnType('text'),
    /** Stripe's own word, for a status that is newer than this server. */
    stripeStatus: p.text(),
    currency: p.text(),
    amount: p.bigint(),
    amountReceived: p.bigint(),
    description: p.text().nullable(),
    receiptEmail: p.text().nullable(),
    /** The invoice that it pays. Versions since 2025-03-31 do not say it of the payment, but by an InvoicePayment. */
    stripeInvoiceId: p.text().nullable(),
    invoice: () => p.manyToOne(Invoice).nullable().deleteRule('set null'),
    stripeLatestChargeId: p.text().nullable(),
    stripePaymentMethodId: p.text().nullable(),
    lastErrorCode: p.text().nullable(),
    lastErrorDeclineCode: p.text().nullable(),
    lastErrorMessage: p.text().nullable(),
    /** What tells the attempt that failed last from others. */
    lastErrorAttempt: p.text().nullable(),
    canceledAt: instant().nullable(),
    cancellationReason: p.text().nullable(),
    metadata: metadata(),
    charges: () => p.oneToMany(Charge).mappedBy('payment'),
    /** Ours of `stripeLatestChargeId`, where there is a row already. */
    latestChargeId: p
      .text()
      .nullable()
      .lazy()
      .formula(
        (at) =>
          `select c.id from charge c where c.connection_id = ${at.connectionId} and c.stripe_charge_id = ${at.stripeLatestChargeId} and ${inTenantOf(at, 'c')}`,
      ),
    /** What all its charges gave back. */
    amountRefunded: p
      .bigint()
      .lazy()
      .formula(
        (at) =>
          `select coalesce(sum(c.amount_refunded), 0) from charge c where c.payment_id = ${at.id} and ${inTenantOf(at, 'c')}`,
      ),
    ...timestamps,
  },
});

export class Payment extends schema.class {}
schema.setClass(Payment);
