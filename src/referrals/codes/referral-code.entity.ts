import { defineEntity, p } from '@mikro-orm/core';
import { Customer } from '../../billing/customers/customer.entity.ts';
import { instant, timestamps } from '../../database/columns.ts';
import { rowsOfCustomers } from '../../tenancy/teams/policies.ts';
import { tenant } from '../../tenancy/teams/tenant-columns.ts';

/** By what a customer refers others. It is never deleted: referrals go on naming it. */
const schema = defineEntity({
  name: 'ReferralCode',
  policies: rowsOfCustomers(),
  uniques: [{ properties: ['projectId', 'environment', 'code'] }],
  indexes: [
    {
      name: 'referral_code_of_customer',
      expression:
        'create unique index referral_code_of_customer on referral_code (customer_id) where not custom and deactivated_at is null',
    },
    { properties: ['projectId', 'environment', 'createdAt', 'id'] },
    { properties: ['customer'] },
  ],
  properties: {
    id: p.text().primary(),
    ...tenant,
    customer: () => p.manyToOne(Customer),
    /** In upper case: two spellings are one code. */
    code: p.text(),
    /** Whether somebody chose it. */
    custom: p.boolean(),
    deactivatedAt: instant().nullable(),
    /** Deactivated, and what was applied by it and not converted is rejected. */
    rejectsOpen: p.boolean().default(false),
    ...timestamps,
  },
});

export class ReferralCode extends schema.class {}
schema.setClass(ReferralCode);
