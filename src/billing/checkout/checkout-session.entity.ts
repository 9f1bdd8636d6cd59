import { defineEntity, p } from '@mikro-orm/core';
import { instant, timestamps } from '../../database/columns.ts';
import { rowsOfCustomers } from '../../tenancy/teams/policies.ts';
import { inTenantOf, mirrored, tenant } from '../../tenancy/teams/tenant-columns.ts';
import { Price } from '../catalog/price.entity.ts';
import { Customer } from '../customers/customer.entity.ts';

export const checkoutModes = ['SUBSCRIPTION', 'PAYMENT', 'SETUP'] as const;
export type CheckoutMode = (typeof checkoutModes)[number];
export const checkoutStatuses = ['OPEN', 'COMPLETE', 'EXPIRED'] as const;
export type CheckoutStatus = (typeof checkoutStatuses)[number];
/** NOT_REQUIRED: nothing was due, or a payment method was only saved. */
export const checkoutPaymentStatuses = ['PAID', 'UNPAID', 'NOT_REQUIRED'] as const;
export type CheckoutPaymentStatus = (typeof checkoutPaymentStatuses)[number];

/** Our record of a Checkout Session, written before Stripe is asked: its id is the idempotency key. */
const schema = defineEntity({
  name: 'CheckoutSession',
  policies: rowsOfCustomers(),
  uniques: [{ properties: ['connectionId', 'stripeSessionId'] }],
  indexes: [{ properties: ['projectId', 'environment', 'fingerprint'] }],
  properties: {
    id: p.text().primary(),
    ...tenant,
    ...mirrored,
    /** Null: a guest buys, who has not paid yet. */
    customer: () => p.manyToOne(Customer).nullable().deleteRule('no action'),
    /** What is bought; of several lines the first. */
    price: () => p.manyToOne(Price).nullable().deleteRule('no action'),
    mode: p.enum(checkoutModes).columnType('text'),
    /** Of what Stripe was asked, so that the same call a moment later is known; null where the caller gave a key of his own. */
    fingerprint: p.text().nullable(),
    stripeSessionId: p.text().nullable(),
    status: p.enum(checkoutStatuses).columnType('text').nullable(),
    /** A bank debit is UNPAID for days after the session is COMPLETE. */
    paymentStatus: p.enum(checkoutPaymentStatuses).columnType('text').nullable(),
    /** What came of it, as the mode has it. */
    stripeSubscriptionId: p.text().nullable(),
    stripePaymentIntentId: p.text().nullable(),
    stripeSetupIntentId: p.text().nullable(),
    expiresAt: instant().nullable(),
    /** Ours, where there is a row already. */
    subscriptionId: p
      .text()
      .nullable()
      .lazy()
      .formula(
        (at) =>
          `select s.id from subscription s where s.connection_id = ${at.connectionId} and s.stripe_subscription_id = ${at.stripeSubscriptionId} and ${inTenantOf(at, 's')}`,
      ),
    paymentId: p
      .text()
      .nullable()
      .lazy()
      .formula(
        (at) =>
          `select y.id from payment y where y.connection_id = ${at.connectionId} and y.stripe_payment_intent_id = ${at.stripePaymentIntentId} and ${inTenantOf(at, 'y')}`,
      ),
    ...timestamps,
  },
});

export class CheckoutSession extends schema.class {}
schema.setClass(CheckoutSession);
