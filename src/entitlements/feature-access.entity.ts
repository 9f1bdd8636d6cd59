import { defineEntity, p } from '@mikro-orm/core';
import { Customer } from '../customers/customer.entity.ts';
import { instant } from '../database/columns.ts';
import { Feature } from '../features/feature.entity.ts';
import { tenant } from '../teams/tenant-columns.ts';
import { featureAccessView } from './entitlement-view.ts';

/** Whether one customer may use one feature: a view that has a row for every two of them, so that one statement tells "no" from "who?". */
const schema = defineEntity({
  name: 'FeatureAccess',
  view: true,
  expression: featureAccessView,
  properties: {
    id: p.text().primary(),
    ...tenant,
    customer: () => p.manyToOne(Customer),
    feature: () => p.manyToOne(Feature),
    has: p.boolean(),
    limitValue: p.decimal('string').nullable(),
    unlimited: p.boolean(),
    option: p.text().nullable(),
    changesAt: instant().nullable(),
    createdAt: instant(),
  },
});

export class FeatureAccess extends schema.class {}
schema.setClass(FeatureAccess);
