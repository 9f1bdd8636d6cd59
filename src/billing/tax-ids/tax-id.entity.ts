import { defineEntity, p } from '@mikro-orm/core';
import { instant, timestamps } from '../../database/columns.ts';
import { rowsOfCustomers } from '../../tenancy/teams/policies.ts';
import { mirrored, tenant } from '../../tenancy/teams/tenant-columns.ts';
import { Customer } from '../customers/customer.entity.ts';

export const taxIdStatuses = ['PENDING', 'VERIFIED', 'UNVERIFIED', 'UNAVAILABLE'] as const;

/** Personal data: by which the authorities know a customer. Of one that was removed, what it was is erased. */
const schema = defineEntity({
  name: 'TaxId',
  policies: rowsOfCustomers(),
  uniques: [{ properties: ['connectionId', 'stripeTaxId'] }],
  indexes: [{ properties: ['customer', 'createdAt', 'id'] }],
  properties: {
    id: p.text().primary(),
    ...tenant,
    ...mirrored,
    customer: () => p.manyToOne(Customer),
    stripeTaxId: p.text(),
    /** Stripe's word, such as `eu_vat`. */
    type: p.text(),
    /** Null once it is removed. */
    value: p.text().nullable(),
    /** ISO 3166-1, upper case; null where Stripe does not say. */
    country: p.text().nullable(),
    /** Null for a word of Stripe's that is newer than this server. */
    status: p.enum(taxIdStatuses).columnType('text').nullable(),
    verifiedName: p.text().nullable(),
    verifiedAddress: p.text().nullable(),
    deletedAt: instant().nullable(),
    ...timestamps,
  },
});

export class TaxId extends schema.class {}
schema.setClass(TaxId);
