import { defineEntity, p } from '@mikro-orm/core';
import { metadata, timestamps } from '../../database/columns.ts';
import { rowsOfCustomers } from '../../tenancy/teams/policies.ts';
import { mirrored, tenant } from '../../tenancy/teams/tenant-columns.ts';
import { Customer } from '../customers/customer.entity.ts';

/** That a payment method was saved for later, without a payment. Only ingestion writes it. */
const schema = defineEntity({
  name: 'SetupIntent',
  policies: rowsOfCustomers(),
  uniques: [{ properties: ['connectionId', 'stripeSetupIntentId'] }],
  indexes: [{ properties: ['customer', 'createdAt', 'id'] }],
  properties: {
    id: p.text().primary(),
    ...tenant,
    ...mirrored,
    customer: () => p.manyToOne(Customer).nullable(),
    stripeSetupIntentId: p.text(),
    /** Stripe's word, such as `succeeded`. */
    stripeStatus: p.text(),
    stripePaymentMethodId: p.text().nullable(),
    /** Stripe's word: `off_session` or `on_session`. */
    usage: p.text(),
    metadata: metadata(),
    ...timestamps,
  },
});

export class SetupIntent extends schema.class {}
schema.setClass(SetupIntent);
