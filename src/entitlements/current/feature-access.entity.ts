import { defineEntity, p } from '@mikro-orm/core';
import { Customer } from '../../billing/customers/customer.entity.ts';
import { instant } from '../../database/columns.ts';
import { tenant } from '../../tenancy/teams/tenant-columns.ts';
import { Feature } from '../features/feature.entity.ts';
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
    /** Of a feature with a meter: what was used in the current billing period, and what reservations hold. */
    used: p.decimal('string').nullable(),
    held: p.decimal('string').nullable(),
    /** Of a limit with a meter. */
    remaining: p.decimal('string').nullable(),
    periodStart: instant().nullable(),
    resetsAt: instant().nullable(),
    createdAt: instant(),
  },
});

export class FeatureAccess extends schema.class {}
schema.setClass(FeatureAccess);
