import { defineEntity, p } from '@mikro-orm/core';
import { instant, metadata, timestamps } from '../../database/columns.ts';
import { rowsOfCustomers } from '../../tenancy/teams/policies.ts';
import { inTenantOf, mirrored, tenant } from '../../tenancy/teams/tenant-columns.ts';
import { Customer } from '../customers/customer.entity.ts';

/**
 * What a customer can pay with, as far as it may be shown. Only ingestion writes it. Which one is the default is the
 * customer's to say.
 */
const schema = defineEntity({
  name: 'PaymentMethod',
  policies: rowsOfCustomers(),
  uniques: [{ properties: ['connectionId', 'stripePaymentMethodId'] }],
  indexes: [{ properties: ['customer', 'createdAt', 'id'] }],
  properties: {
    id: p.text().primary(),
    ...tenant,
    ...mirrored,
    /** Null: it was detached, and can pay no more. */
    customer: () => p.manyToOne(Customer).nullable(),
    stripePaymentMethodId: p.text(),
    /** Stripe's word, such as `card` or `sepa_debit`. */
    type: p.text(),
    brand: p.text().nullable(),
    last4: p.text().nullable(),
    /** 1 to 12; until the end of that month. */
    expiryMonth: p.integer().nullable(),
    expiryYear: p.integer().nullable(),
    /** The same for the same card or account, however often it is entered. */
    fingerprint: p.text().nullable(),
    detachedAt: instant().nullable(),
    metadata: metadata(),
    isDefault: p
      .boolean()
      .lazy()
      .formula(
        (at) =>
          `exists (select from customer c where c.id = ${at.customer} and ${inTenantOf(at, 'c')} and c.stripe_default_payment_method_id = ${at.stripePaymentMethodId})`,
      ),
    ...timestamps,
  },
});

export class PaymentMethod extends schema.class {}
schema.setClass(PaymentMethod);
