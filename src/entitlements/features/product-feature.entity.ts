import { defineEntity, p } from '@mikro-orm/core';
import { Product } from '../../billing/catalog/product.entity.ts';
import { createdAt, instant } from '../../database/columns.ts';
import { rowsForEveryone } from '../../tenancy/teams/policies.ts';
import { tenant } from '../../tenancy/teams/tenant-columns.ts';
import { Feature } from './feature.entity.ts';
import { hasNoLimit } from './has-no-limit.ts';

/**
 * What a product gives of a feature, to whoever has a live subscription to it, between two instants. A row never changes but for its end:
 * another value is another row, so that the past can be explained.
 */
const schema = defineEntity({
  name: 'ProductFeature',
  policies: rowsForEveryone({ writtenBy: 'projects' }),
  indexes: [
    {
      name: 'product_feature_now',
      expression:
        'create unique index product_feature_now on product_feature (product_id, feature_id) where ended_at is null',
    },
    { properties: ['product', 'createdAt', 'id'] },
    { properties: ['feature'] },
  ],
  properties: {
    id: p.text().primary(),
    ...tenant,
    product: () => p.manyToOne(Product),
    feature: () => p.manyToOne(Feature),
    /** Of LIMIT: how much; null for without a limit. */
    limitValue: p.decimal('string').columnType('numeric(30,12)').nullable(),
    /** Of LIMIT: whether the limit is for each unit of the subscription item. */
    perUnit: p.boolean().default(false),
    /** Of ENUMERATED. */
    option: p.text().nullable(),
    unlimited: p.boolean().lazy().formula(hasNoLimit),
    startedAt: instant(),
    endedAt: instant().nullable(),
    createdAt: createdAt(),
  },
});

export class ProductFeature extends schema.class {}
schema.setClass(ProductFeature);
