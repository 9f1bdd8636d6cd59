import { defineEntity, p } from '@mikro-orm/core';
import { metadata, timestamps } from '../../database/columns.ts';
import { ProductFeature } from '../../entitlements/features/product-feature.entity.ts';
import { rowsForEveryone } from '../../tenancy/teams/policies.ts';
import { mirrored, tenant } from '../../tenancy/teams/tenant-columns.ts';
import { Price } from './price.entity.ts';

/** What is sold. Its prices say for how much. */
const schema = defineEntity({
  name: 'Product',
  policies: rowsForEveryone({ writtenBy: 'projects' }),
  uniques: [{ properties: ['connectionId', 'stripeProductId'] }],
  indexes: [{ properties: ['projectId', 'environment', 'createdAt', 'id'] }],
  properties: {
    id: p.text().primary(),
    ...tenant,
    ...mirrored,
    stripeProductId: p.text(),
    name: p.text(),
    description: p.text().nullable(),
    unitLabel: p.text().nullable(),
    url: p.text().nullable(),
    active: p.boolean(),
    metadata: metadata(),
    prices: () => p.oneToMany(Price).mappedBy('product'),
    features: () => p.oneToMany(ProductFeature).mappedBy('product'),
    ...timestamps,
  },
});

export class Product extends schema.class {}
schema.setClass(Product);
