import { defineEntity, p } from '@mikro-orm/core';
import { Customer } from '../../billing/customers/customer.entity.ts';
import { createdAt, instant } from '../../database/columns.ts';
import { Feature } from '../../entitlements/features/feature.entity.ts';
import { rowsOfInstallation } from '../../tenancy/teams/policies.ts';
import { tenant } from '../../tenancy/teams/tenant-columns.ts';

/** A part of a limit that a customer's usage reached in a period, so that it is told once. */
const schema = defineEntity({
  name: 'UsageThreshold',
  policies: rowsOfInstallation(),
  properties: {
    customer: () => p.manyToOne(Customer).primary(),
    feature: () => p.manyToOne(Feature).primary(),
    periodStart: instant().primary(),
    /** In percent of the limit. */
    threshold: p.smallint().primary(),
    ...tenant,
    createdAt: createdAt(),
  },
});

export class UsageThreshold extends schema.class {}
schema.setClass(UsageThreshold);
