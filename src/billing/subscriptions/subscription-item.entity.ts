import { defineEntity, p } from '@mikro-orm/core';
import { instant, timestamps } from '../../database/columns.ts';
import { rowsOfCustomersThrough } from '../../tenancy/teams/policies.ts';
import { tenant } from '../../tenancy/teams/tenant-columns.ts';
import { Price } from '../catalog/price.entity.ts';
import type { MirroredDiscount } from '../discounts/discount.ts';
import { Subscription } from './subscription.entity.ts';

/** One price that a subscription bills, and how many of it. */
const schema = defineEntity({
  name: 'SubscriptionItem',
  policies: rowsOfCustomersThrough('subscription', 'subscription_id'),
  uniques: [{ properties: ['subscription', 'stripeSubscriptionItemId'] }],
  properties: {
    id: p.text().primary(),
    ...tenant,
    subscription: () => p.manyToOne(Subscription).deleteRule('cascade'),
    price: () => p.manyToOne(Price),
    stripeSubscriptionItemId: p.text(),
    /** Null for a metered price. */
    quantity: p.integer().nullable(),
    /** Of the item alone, taken off before those of the subscription. */
    discounts: p.json<MirroredDiscount[]>().default('[]'),
    currentPeriodStart: instant().nullable(),
    currentPeriodEnd: instant().nullable(),
    ...timestamps,
  },
});

export class SubscriptionItem extends schema.class {}
schema.setClass(SubscriptionItem);
