import { defineEntity, p } from '@mikro-orm/core';
import { createdAt, instant } from '../../database/columns.ts';
import { rowsOfCustomersThrough } from '../../tenancy/teams/policies.ts';
import { tenant } from '../../tenancy/teams/tenant-columns.ts';
import { Price } from '../catalog/price.entity.ts';
import { Subscription } from './subscription.entity.ts';

/**
 * A change of a subscription that Stripe makes when the period ends, by a schedule of ours. It is here for as long as Stripe's subscription names the
 * schedule, which outlives the change by a day.
 */
const schema = defineEntity({
  name: 'PendingChange',
  policies: rowsOfCustomersThrough('subscription', 'subscription_id'),
  properties: {
    id: p.text().primary(),
    ...tenant,
    subscription: () => p.manyToOne(Subscription).deleteRule('cascade').unique(),
    stripeScheduleId: p.text(),
    appliesAt: instant(),
    /** Set once it has been made. */
    appliedAt: instant().nullable(),
    /** The price and quantity of the first item. */
    price: () => p.manyToOne(Price),
    quantity: p.integer().nullable(),
    /** All that is billed afterwards, by our ids of prices. */
    items: p.json<PendingItem[]>(),
    createdAt: createdAt(),
  },
});

export type PendingItem = { priceId: string; quantity: number | null };

export class PendingChange extends schema.class {}
schema.setClass(PendingChange);
