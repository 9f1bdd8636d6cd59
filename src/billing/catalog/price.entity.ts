import { defineEntity, p } from '@mikro-orm/core';
import { metadata, timestamps } from '../../database/columns.ts';
import { rowsForEveryone } from '../../tenancy/teams/policies.ts';
import { mirrored, tenant } from '../../tenancy/teams/tenant-columns.ts';
import type { CurrencyOption, Tier, TransformQuantity } from './price-amounts.ts';
import { Product } from './product.entity.ts';

export const priceTypes = ['ONE_TIME', 'RECURRING'] as const;
export const usageTypes = ['LICENSED', 'METERED'] as const;
export const tiersModes = ['GRADUATED', 'VOLUME'] as const;
export const recurringIntervals = ['DAY', 'WEEK', 'MONTH', 'YEAR'] as const;

/** What a unit of a product costs, once or each interval. Amounts are in minor units of `currency` (ISO 4217, upper case). */
const schema = defineEntity({
  name: 'Price',
  policies: rowsForEveryone({ writtenBy: 'projects' }),
  uniques: [{ properties: ['connectionId', 'stripePriceId'] }],
  indexes: [
    { properties: ['projectId', 'environment', 'createdAt', 'id'] },
    { properties: ['product', 'createdAt', 'id'] },
  ],
  properties: {
    id: p.text().primary(),
    ...tenant,
    ...mirrored,
    product: () => p.manyToOne(Product),
    stripePriceId: p.text(),
    type: p.enum(priceTypes).columnType('text'),
    currency: p.text(),
    /** Null where the unit costs a fraction of a minor unit or tiers decide. */
    unitAmount: p.bigint().nullable(),
    /** Minor units with up to 12 decimals; null where tiers decide. */
    unitAmountDecimal: p.decimal('string').columnType('numeric(30,12)').nullable(),
    recurringInterval: p.enum(recurringIntervals).columnType('text').nullable(),
    recurringIntervalCount: p.integer().nullable(),
    /** Null for a price that is charged once. */
    usageType: p.enum(usageTypes).columnType('text').nullable(),
    /** Stripe's `mtr_…` that counts what is used; null where nothing is metered. */
    stripeMeterId: p.text().nullable(),
    /** Null where every unit costs the same. */
    tiersMode: p.enum(tiersModes).columnType('text').nullable(),
    tiers: p.json<Tier[]>().nullable(),
    /** What is billed for so many units together. */
    transformQuantity: p.json<TransformQuantity>().nullable(),
    /** What it costs in other currencies. */
    currencyOptions: p.json<CurrencyOption[]>().default('[]'),
    lookupKey: p.text().nullable(),
    nickname: p.text().nullable(),
    active: p.boolean(),
    /** The price that has another amount, and was made in place of this one. */
    replacedBy: () => p.manyToOne(Price).nullable(),
    metadata: metadata(),
    ...timestamps,
  },
});

export class Price extends schema.class {}
schema.setClass(Price);
