import { defineEntity, p } from '@mikro-orm/core';
import { metadata, timestamps } from '../database/columns.ts';
import { rowsForEveryone } from '../teams/policies.ts';
import { mirrored, tenant } from '../teams/tenant-columns.ts';
import { Product } from './product.entity.ts';

export const priceTypes = ['ONE_TIME', 'RECURRING'] as const;
export const recurringIntervals = ['DAY', 'WEEK', 'MONTH', 'YEAR'] as const;

/** What a unit of a product costs, once or each interval. Amounts are in minor units of `currency` (ISO 4217, upper case). */
const schema = defineEntity({
  name: 'Price',
  policies: rowsForEveryone({ writtenBy: 'own work' }),
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
    lookupKey: p.text().nullable(),
    nickname: p.text().nullable(),
    active: p.boolean(),
    metadata: metadata(),
    ...timestamps,
  },
});

export class Price extends schema.class {}
schema.setClass(Price);
