import { Field, ID, InputType, ObjectType } from 'type-graphql';
import { EntitlementConnection, type EntitlementType } from '../../entitlements/current/entitlement.type.ts';
import { FeatureGrantConnection, type FeatureGrantType } from '../../entitlements/grants/feature-grant.type.ts';
import { type Connection, ConnectionField, connectionOf } from '../../graphql/connection.ts';
import { NodeType } from '../../graphql/node.type.ts';
import { RequiresScopes } from '../../graphql/requires-scopes.ts';
import { MetadataScalar } from '../../graphql/scalars.ts';
import { ReferralCodeConnection, type ReferralCodeType } from '../../referrals/codes/referral-code.type.ts';
import { ReferralConnection, ReferralType } from '../../referrals/life/referral.type.ts';
import { DiscountType } from '../discounts/discount.type.ts';
import { InvoiceConnection, type InvoiceType } from '../invoices/invoice.type.ts';
import { PaymentMethodConnection, PaymentMethodType } from '../payment-methods/payment-method.type.ts';
import { PaymentConnection, type PaymentType } from '../payments/payment.type.ts';
import { SubscriptionConnection, SubscriptionType } from '../subscriptions/subscription.type.ts';
import { TaxIdConnection, type TaxIdType } from '../tax-ids/tax-id.type.ts';
import type { Address } from './address.ts';

@ObjectType('Address', { simpleResolvers: true, description: 'A postal address. What was not given is null.' })
export class AddressType implements Address {
  @Field(() => String, { nullable: true, description: 'Street and number, or a post office box.' })
  line1!: string | null;

  @Field(() => String, { nullable: true, description: 'Apartment, suite, unit.' })
  line2!: string | null;

  @Field(() => String, { nullable: true, description: 'City, town or village.' })
  city!: string | null;

  @Field(() => String, { nullable: true, description: 'State, county or province.' })
  state!: string | null;

  @Field(() => String, { nullable: true, description: 'The postal code.' })
  postalCode!: string | null;

  @Field(() => String, { nullable: true, description: 'Two letters of ISO 3166-1, in upper case: `DE`.' })
  country!: string | null;
}

@ObjectType('Customer', { implements: NodeType, description: 'Somebody who buys from you: the one whom Stripe bills.' })
export class CustomerType {
  @Field(() => ID, { description: 'Our id: `pc_…`.' })
  id!: string;

  @Field(() => String, {
    nullable: true,
    description: 'In lower case, unique in the project and environment. Null where none was given.',
  })
  email!: string | null;

  @Field(() => String, { nullable: true, description: 'The name on invoices. Null where none was given.' })
  name!: string | null;

  @Field(() => String, { nullable: true, description: 'As it was given. Null where none was given.' })
  phone!: string | null;

  @Field(() => String, {
    nullable: true,
    description: 'A note of yours about the customer. Null where none was given.',
  })
  description!: string | null;

  @Field(() => AddressType, {
    nullable: true,
    description: 'Where invoices are addressed to. Null where none was given.',
  })
  address!: AddressType | null;

  @Field(() => String, {
    nullable: true,
    description: 'Your own id of this customer, unique in the project and environment. Null where none was given.',
  })
  externalId!: string | null;

  @Field(() => String, { description: "Stripe's id: `cus_…`." })
  stripeCustomerId!: string;

  @Field(() => MetadataScalar, {
    description: 'Your own notes, kept in Stripe too. A customer token reads them: keep secrets elsewhere.',
  })
  metadata!: Record<string, string>;

  @RequiresScopes('subscriptions:read')
  @Field(() => SubscriptionType, {
    nullable: true,
    description:
      'The subscription that counts: the newest of those that give access, or else the newest of all. Null where there never was one.',
  })
  subscription!: SubscriptionType | null;

  @RequiresScopes('subscriptions:read')
  @ConnectionField(() => SubscriptionConnection, { description: 'Every subscription, ended ones too.' })
  subscriptions!: Connection<SubscriptionType>;

  @RequiresScopes('invoices:read')
  @ConnectionField(() => InvoiceConnection, { description: 'Every invoice, drafts too.' })
  invoices!: Connection<InvoiceType>;

  @RequiresScopes('payments:read')
  @ConnectionField(() => PaymentConnection, { description: 'Every payment, whatever became of it.' })
  payments!: Connection<PaymentType>;

  @Field(() => DiscountType, {
    nullable: true,
    description: 'What is taken off subscriptions that have no discount of their own. Null where nothing is.',
  })
  discount!: DiscountType | null;

  @ConnectionField(() => TaxIdConnection, { description: 'The tax ids that stand on invoices.' })
  taxIds!: Connection<TaxIdType>;

  @RequiresScopes('payment_methods:read')
  @Field(() => PaymentMethodType, {
    nullable: true,
    description: 'What pays the invoices, where a subscription names no other. Null where there is none.',
  })
  defaultPaymentMethod!: PaymentMethodType | null;

  @RequiresScopes('payment_methods:read')
  @ConnectionField(() => PaymentMethodConnection, { description: 'What the customer can pay with.' })
  paymentMethods!: Connection<PaymentMethodType>;

  @RequiresScopes('entitlements:read')
  @ConnectionField(() => EntitlementConnection, {
    description: 'The features that the customer has now, in the order in which the features were made.',
  })
  entitlements!: Connection<EntitlementType>;

  @RequiresScopes('features:read')
  @ConnectionField(() => FeatureGrantConnection, {
    description: 'Every grant and override that was ever decided, those that have ended too.',
  })
  featureGrants!: Connection<FeatureGrantType>;

  @RequiresScopes('referrals:read')
  @ConnectionField(() => ReferralCodeConnection, {
    description: 'The codes by which the customer refers others, deactivated ones too.',
  })
  referralCodes!: Connection<ReferralCodeType>;

  @RequiresScopes('referrals:read')
  @ConnectionField(() => ReferralConnection, { description: 'Whom the customer referred, whatever became of it.' })
  referrals!: Connection<ReferralType>;

  @RequiresScopes('referrals:read')
  @Field(() => ReferralType, {
    nullable: true,
    description:
      'The referral by which the customer came: the one that is not REJECTED, or else the newest. Null where nobody referred the customer.',
  })
  referredBy!: ReferralType | null;

  @Field(() => Date, { description: 'When the customer was made.' })
  createdAt!: Date;

  @Field(() => Date, { description: 'When anything of the customer last changed here.' })
  updatedAt!: Date;
}

@InputType('CustomerFilter', { description: 'Which customers: those for which everything that is given holds.' })
export class CustomerFilter {
  @Field(() => String, { nullable: true, description: 'With this email address, in any case.' })
  email?: string | null;

  @Field(() => String, { nullable: true, description: 'Whose email address begins so, in any case.' })
  emailPrefix?: string | null;

  @Field(() => String, { nullable: true, description: 'With this id of your own.' })
  externalId?: string | null;

  @Field(() => Boolean, {
    nullable: true,
    description: 'Whether a subscription gives access: it is TRIALING, ACTIVE or PAST_DUE.',
  })
  hasSubscription?: boolean | null;

  @Field(() => Date, { nullable: true, description: 'Made later than this instant.' })
  createdAfter?: Date | null;

  @Field(() => Date, { nullable: true, description: 'Made earlier than this instant.' })
  createdBefore?: Date | null;
}

export const CustomerConnection = connectionOf('Customer', () => CustomerType);
