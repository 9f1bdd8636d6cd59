import { defineEntity, p } from '@mikro-orm/core';
import { Price } from '../catalog/price.entity.ts';
import { Customer } from '../customers/customer.entity.ts';
import { instant, timestamps } from '../database/columns.ts';
import { mirrored, tenant } from '../teams/tenant-columns.ts';

export const checkoutModes = ['SUBSCRIPTION', 'PAYMENT', 'SETUP'] as const;
export type CheckoutMode = (typeof checkoutModes)[number];
export const checkoutStatuses = ['OPEN', 'COMPLETE', 'EXPIRED'] as const;

/** Our record of a Checkout Session, written before Stripe is asked: its id is the idempotency key. */
const schema = defineEntity({
  name: 'CheckoutSession',
  uniques: [{ properties: ['connectionId', 'stripeSessionId'] }],
  properties: {
    id: p.text().primary(),
    ...tenant,
    ...mirrored,
    customer: () => p.manyToOne(Customer),
    price: () => p.manyToOne(Price).nullable().deleteRule('no action'),
    mode: p.enum(checkoutModes).columnType('text'),
    stripeSessionId: p.text().nullable(),
    status: p.enum(checkoutStatuses).columnType('text').nullable(),
    expiresAt: instant().nullable(),
    ...timestamps,
  },
});

export class CheckoutSession extends schema.class {}
schema.setClass(CheckoutSession);
