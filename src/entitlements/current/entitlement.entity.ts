import { defineEntity, p } from '@mikro-orm/core';
import { Customer } from '../../billing/customers/customer.entity.ts';
import { instant } from '../../database/columns.ts';
import { tenant } from '../../tenancy/teams/tenant-columns.ts';
import { Feature } from '../features/feature.entity.ts';
import { entitlementView } from './entitlement-view.ts';

/**
 * What a customer has of a feature now, as all that gives and takes it comes to: a view, so that nothing of it is ever out of date. There
 * is no row where nothing gives it, takes it, or is going to.
 */
const schema = defineEntity({
  name: 'Entitlement',
  view: true,
  expression: entitlementView,
  properties: {
    /** The ids of both, with a hyphen between them. */
    id: p.text().primary(),
    ...tenant,
    customer: () => p.manyToOne(Customer),
    feature: () => p.manyToOne(Feature),
    has: p.boolean(),
    /** True where he has it not: an override takes it, or a grant of it has not begun. Null where he has it. */
    lacking: p.boolean().nullable(),
    /** Of LIMIT: null for without a limit, and where nothing gives it. */
    limitValue: p.decimal('string').nullable(),
    unlimited: p.boolean(),
    /** Of ENUMERATED. */
    option: p.text().nullable(),
    /** Whether an override says so, instead of what is bought and granted. */
    overridden: p.boolean(),
    /** When time alone may change it next: a grant begins or expires, a grace period ends. */
    changesAt: instant().nullable(),
    /** Of a feature with a meter: what was used in the current billing period, and what reservations hold. */
    used: p.decimal('string').nullable(),
    held: p.decimal('string').nullable(),
    /** Of a limit with a meter. */
    remaining: p.decimal('string').nullable(),
    periodStart: instant().nullable(),
    resetsAt: instant().nullable(),
    /** Of the feature: the order of lists. */
    createdAt: instant(),
  },
});

export class Entitlement extends schema.class {}
schema.setClass(Entitlement);
