import { defineEntity, p } from '@mikro-orm/core';
import { customerVersion } from '../../customer-state/customer-version.ts';
import { nextChange } from '../../customer-state/next-change.ts';
import { instant, metadata, timestamps } from '../../database/columns.ts';
import { Entitlement } from '../../entitlements/current/entitlement.entity.ts';
import { FeatureGrant } from '../../entitlements/grants/feature-grant.entity.ts';
import { ReferralCode } from '../../referrals/codes/referral-code.entity.ts';
import { Referral } from '../../referrals/life/referral.entity.ts';
import { rowsOfCustomers } from '../../tenancy/teams/policies.ts';
import { inTenantOf, mirrored, tenant } from '../../tenancy/teams/tenant-columns.ts';
import type { MirroredDiscount } from '../discounts/discount.ts';
import { Invoice } from '../invoices/invoice.entity.ts';
import { PaymentMethod } from '../payment-methods/payment-method.entity.ts';
import { Payment } from '../payments/payment.entity.ts';
import { Subscription } from '../subscriptions/subscription.entity.ts';
import { TaxId } from '../tax-ids/tax-id.entity.ts';
import type { Address } from './address.ts';

/** A customer of the SaaS. Without `stripeCustomerId` the customer is still being made in Stripe, and nobody sees the row. */
const schema = defineEntity({
  name: 'Customer',
  policies: rowsOfCustomers('id'),
  // Unique, and partial: PostgreSQL makes an update of a column in any other unique index wait for all who insert rows that refer
  // to the customer, and them for it, which ends in deadlocks.
  indexes: [
    {
      name: 'customer_email',
      expression:
        'create unique index customer_email on customer (project_id, environment, email) where email is not null',
    },
    {
      name: 'customer_external_id',
      expression:
        'create unique index customer_external_id on customer (project_id, environment, external_id) where external_id is not null',
    },
    {
      name: 'customer_stripe_id',
      expression:
        'create unique index customer_stripe_id on customer (connection_id, stripe_customer_id) where stripe_customer_id is not null',
    },
    {
      name: 'customer_email_prefix',
      expression: 'create index customer_email_prefix on customer (project_id, environment, email text_pattern_ops)',
    },
    {
      name: 'customer_created',
      expression:
        'create index customer_created on customer (project_id, environment, created_at, id) where stripe_customer_id is not null',
    },
    {
      name: 'customer_deleted',
      expression:
        'create index customer_deleted on customer (project_id, environment, deleted_at) include (id) where deleted_at is not null and stripe_customer_id is not null',
    },
  ],
  properties: {
    id: p.text().primary(),
    ...tenant,
    ...mirrored,
    stripeCustomerId: p.text().nullable(),
    externalId: p.text().nullable(),
    /** Lower case: two spellings of one address are one customer. */
    email: p.text().nullable(),
    /** The address that Stripe has, in lower case, where another customer of the project has it and `email` cannot say it; null otherwise. */
    emailInStripe: p.text().nullable(),
    name: p.text().nullable(),
    phone: p.text().nullable(),
    /** A note that the customer never sees. */
    description: p.text().nullable(),
    address: p.json<Address>().nullable(),
    metadata: metadata(),
    /** Stripe's `pm_…` that pays invoices unless a subscription names another; null where there is none. */
    stripeDefaultPaymentMethodId: p.text().nullable(),
    /** Our id of it; null until it is known here. */
    defaultPaymentMethodId: p
      .text()
      .nullable()
      .lazy()
      .formula(
        (at) =>
          `select m.id from payment_method m where m.connection_id = ${at.connectionId} and m.stripe_payment_method_id = ${at.stripeDefaultPaymentMethodId} and m.customer_id = ${at.id} and ${inTenantOf(at, 'm')}`,
      ),
    /** Counts for subscriptions that have none of their own. */
    discount: p.json<MirroredDiscount>().nullable(),
    /** When that last changed, by Stripe's clock. */
    discountChangedAt: instant().nullable(),
    deletedAt: instant().nullable(),
    subscriptions: () => p.oneToMany(Subscription).mappedBy('customer'),
    invoices: () => p.oneToMany(Invoice).mappedBy('customer'),
    payments: () => p.oneToMany(Payment).mappedBy('customer'),
    taxIds: () => p.oneToMany(TaxId).mappedBy('customer'),
    paymentMethods: () => p.oneToMany(PaymentMethod).mappedBy('customer'),
    entitlements: () => p.oneToMany(Entitlement).mappedBy('customer'),
    featureGrants: () => p.oneToMany(FeatureGrant).mappedBy('customer'),
    referralCodes: () => p.oneToMany(ReferralCode).mappedBy('customer'),
    /** Those whom the customer referred. */
    referrals: () => p.oneToMany(Referral).mappedBy('referrer'),
    /** Those by which the customer came: one at most is not REJECTED. */
    referralsAsReferee: () => p.oneToMany(Referral).mappedBy('referee'),
    /** Of all that the customer's state says: see customer-state/customer-change.entity.ts. */
    stateVersion: p
      .bigint()
      .nullable()
      .lazy()
      .formula((at) => customerVersion(at)),
    /** When the state changes next by time alone. */
    stateChangesAt: instant()
      .nullable()
      .lazy()
      .formula((at) => nextChange(at)),
    ...timestamps,
  },
});

export class Customer extends schema.class {}
schema.setClass(Customer);
