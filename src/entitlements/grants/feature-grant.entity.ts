import { defineEntity, p } from '@mikro-orm/core';
import { Customer } from '../../billing/customers/customer.entity.ts';
import { createdAt, instant } from '../../database/columns.ts';
import { rowsSeenByCustomers } from '../../tenancy/teams/policies.ts';
import { tenant } from '../../tenancy/teams/tenant-columns.ts';
import { Feature } from '../features/feature.entity.ts';
import { hasNoLimit } from '../features/has-no-limit.ts';

/** GRANT adds to what the customer has otherwise; OVERRIDE stands instead of all of it, and the newest of them counts. */
export const featureGrantKinds = ['GRANT', 'OVERRIDE'] as const;

/**
 * What somebody of the project decided about one customer and feature. It is never deleted, and nothing of Stripe's touches it: it is
 * revoked, or it expires.
 */
const schema = defineEntity({
  name: 'FeatureGrant',
  policies: rowsSeenByCustomers(),
  indexes: [{ properties: ['customer', 'createdAt', 'id'] }, { properties: ['feature'] }],
  properties: {
    id: p.text().primary(),
    ...tenant,
    customer: () => p.manyToOne(Customer),
    feature: () => p.manyToOne(Feature),
    kind: p.enum(featureGrantKinds).columnType('text'),
    /** False for an OVERRIDE that takes the feature away. */
    allowed: p.boolean().default(true),
    /** Of LIMIT, where it is allowed: how much; null for without a limit. */
    limitValue: p.decimal('string').columnType('numeric(30,12)').nullable(),
    /** Of ENUMERATED, where it is allowed. */
    option: p.text().nullable(),
    unlimited: p
      .boolean()
      .lazy()
      .formula((at) => `${at.allowed} and ${hasNoLimit(at)}`),
    reason: p.text(),
    /** Who decided, as in the audit log. */
    actorKind: p.text(),
    actorId: p.text(),
    startsAt: instant(),
    /** Null for until it is revoked. */
    expiresAt: instant().nullable(),
    revokedAt: instant().nullable(),
    revokerKind: p.text().nullable(),
    revokerId: p.text().nullable(),
    revokeReason: p.text().nullable(),
    createdAt: createdAt(),
  },
});

export class FeatureGrant extends schema.class {}
schema.setClass(FeatureGrant);
