import { defineEntity, p } from '@mikro-orm/core';
import { metadata, timestamps } from '../../database/columns.ts';
import { rowsOfCustomers } from '../../tenancy/teams/policies.ts';
import { mirrored, tenant } from '../../tenancy/teams/tenant-columns.ts';
import { Customer } from '../customers/customer.entity.ts';
import { Dispute } from './dispute.entity.ts';
import { Payment } from './payment.entity.ts';
import { chargeStatuses } from './payment-statuses.ts';

/**
 * One attempt to take money from a payment method, and what of it was given back. Only ingestion writes it. Amounts are in
 * minor units of `currency` (ISO 4217, upper case).
 */
const schema = defineEntity({
  name: 'Charge',
  policies: rowsOfCustomers(),
  uniques: [{ properties: ['connectionId', 'stripeChargeId'] }],
  indexes: [{ properties: ['projectId', 'environment', 'createdAt', 'id'] }, { properties: ['payment'] }],
  properties: {
    id: p.text().primary(),
    ...tenant,
    ...mirrored,
    customer: () => p.manyToOne(Customer).nullable(),
    /** Null: it was made without a PaymentIntent, as integrations of old do. */
    payment: () => p.manyToOne(Payment).nullable().deleteRule('no action'),
    stripeChargeId: p.text(),
    status: p.enum(chargeStatuses).columnType('text'),
    /** Stripe's own word, for a status that is newer than this server. */
    stripeStatus: p.text(),
    currency: p.text(),
    amount: p.bigint(),
    amountCaptured: p.bigint(),
    amountRefunded: p.bigint(),
    /** How often `amountRefunded` was seen to fall: a refund had failed. It tells refunds of the same total apart. */
    refundsFailed: p.integer().default(0),
    captured: p.boolean(),
    paid: p.boolean(),
    refunded: p.boolean(),
    disputed: p.boolean(),
    failureCode: p.text().nullable(),
    failureMessage: p.text().nullable(),
    receiptUrl: p.text().nullable(),
    stripePaymentMethodId: p.text().nullable(),
    /** Stripe's word for the kind of payment method, such as `card`. */
    paymentMethodType: p.text().nullable(),
    paymentMethodBrand: p.text().nullable(),
    paymentMethodLast4: p.text().nullable(),
    description: p.text().nullable(),
    metadata: metadata(),
    disputes: () => p.oneToMany(Dispute).mappedBy('charge'),
    ...timestamps,
  },
});

export class Charge extends schema.class {}
schema.setClass(Charge);
