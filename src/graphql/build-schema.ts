import 'reflect-metadata';
import { type GraphQLSchema, isInputObjectType, specifiedDirectives } from 'graphql';
import { buildSchemaSync, type NonEmptyArray } from 'type-graphql';
import {
  ExchangeRateResolver,
  SetExchangeRatePayloadResolver,
} from '../analytics/exchange-rates/exchange-rate.resolver.ts';
import { AnalyticsHistoryResolver } from '../analytics/history/analytics-history.resolver.ts';
import { MrrMovementsResolver } from '../analytics/movements/mrr-movements.resolver.ts';
import { AnalyticsResolver } from '../analytics/overview/analytics.resolver.ts';
import { StatisticsResolver } from '../analytics/overview/statistics.resolver.ts';
import { AuditResolver } from '../audit/audit.resolver.ts';
import { CatalogResolver } from '../billing/catalog/catalog.resolver.ts';
import { PriceWritesResolver, pricePayloadResolvers } from '../billing/catalog/price-writes.resolver.ts';
import { ProductWritesResolver, productPayloadResolvers } from '../billing/catalog/product-writes.resolver.ts';
import { CheckoutResolver, ExpireCheckoutSessionPayloadResolver } from '../billing/checkout/checkout.resolver.ts';
import { CustomerResolver } from '../billing/customers/customer.resolver.ts';
import { CustomerTokenResolver } from '../billing/customers/customer-token.resolver.ts';
import { CustomerWritesResolver, customerPayloadResolvers } from '../billing/customers/customer-writes.resolver.ts';
import { InvoiceResolver } from '../billing/invoices/invoice.resolver.ts';
import { PaymentMethodResolver } from '../billing/payment-methods/payment-method.resolver.ts';
import { SavedPaymentMethodResolver } from '../billing/payment-methods/saved-payment-method.resolver.ts';
import { PaymentWritesResolver, paymentPayloadResolvers } from '../billing/payment-writes/payment-writes.resolver.ts';
import { PaymentResolver } from '../billing/payments/payment.resolver.ts';
import { ChangePriceAmountResolver } from '../billing/pricing/change-price-amount.resolver.ts';
import { ChangePreviewResolver } from '../billing/subscription-changes/change-preview.resolver.ts';
import {
  changePayloadResolvers,
  SubscriptionChangesResolver,
} from '../billing/subscription-changes/subscription-changes.resolver.ts';
import {
  SubscriptionWritesResolver,
  subscriptionPayloadResolvers,
} from '../billing/subscription-writes/subscription-writes.resolver.ts';
import { SubscriptionResolver } from '../billing/subscriptions/subscription.resolver.ts';
import { TaxIdWritesResolver, taxIdPayloadResolvers } from '../billing/tax-ids/tax-id-writes.resolver.ts';
import { CustomerStateResolver } from '../customer-state/customer-state.resolver.ts';
import { CustomerStateChangedResolver } from '../customer-state/customer-state-changed.resolver.ts';
import { AccessTokenResolver } from '../entitlements/access-tokens/access-token.resolver.ts';
import { EntitlementResolver } from '../entitlements/current/entitlement.resolver.ts';
import { ExplainAccessResolver } from '../entitlements/explanations/explain-access.resolver.ts';
import { FeatureResolver } from '../entitlements/features/feature.resolver.ts';
import { FeatureWritesResolver, featurePayloadResolvers } from '../entitlements/features/feature-writes.resolver.ts';
import {
  ProductFeatureWritesResolver,
  productFeaturePayloadResolvers,
} from '../entitlements/features/product-feature-writes.resolver.ts';
import { FeatureGrantResolver, grantPayloadResolvers } from '../entitlements/grants/feature-grant.resolver.ts';
import { ApiKeysResolver } from '../identity/api-keys/api-keys.resolver.ts';
import { ViewerResolver } from '../identity/viewer/viewer.resolver.ts';
import { BackfillResolver } from '../ingestion/backfill/backfill.resolver.ts';
import { ReconciliationResolver } from '../ingestion/reconciliation/reconciliation.resolver.ts';
import { WebhookEventResolver } from '../ingestion/webhooks/webhook-event.resolver.ts';
import { OutgoingDeliveriesResolver } from '../outgoing/deliveries/outgoing-deliveries.resolver.ts';
import { OutgoingEndpointResolver } from '../outgoing/webhooks/outgoing-endpoint.resolver.ts';
import { PortalResolver } from '../portal/sessions/portal.resolver.ts';
import { ReferralCodeResolver, referralCodePayloadResolvers } from '../referrals/codes/referral-code.resolver.ts';
import { ApplyReferralPayloadResolver, ReferralResolver } from '../referrals/judging/referral.resolver.ts';
import { LedgerResolver } from '../referrals/ledger/ledger.resolver.ts';
import {
  ReferralPayoutResolver,
  RetryReferralPayoutPayloadResolver,
} from '../referrals/payouts/referral-payout.resolver.ts';
import { ReferralConfigResolver } from '../referrals/programme/referral-config.resolver.ts';
import { StripeConnectionResolver } from '../tenancy/connections/stripe-connection.resolver.ts';
import { DoctorResolver } from '../tenancy/doctor/doctor.resolver.ts';
import { InvitationsResolver } from '../tenancy/members/invitations.resolver.ts';
import { MembersResolver } from '../tenancy/members/members.resolver.ts';
import { TeamInvitationResolver, TeamMemberResolver, TeamResolver } from '../tenancy/members/team.resolver.ts';
import { ProjectResolver } from '../tenancy/projects/project.resolver.ts';
import { ReportUsageResolver } from '../usage/events/report-usage.resolver.ts';
import { correctionPayloadResolvers, UsageCorrectionsResolver } from '../usage/events/usage-corrections.resolver.ts';
import { UsageEventResolver } from '../usage/events/usage-event.resolver.ts';
import { UsageForwardingResolver } from '../usage/forwarding-health/usage-forwarding.resolver.ts';
import { MeterResolver } from '../usage/meters/meter.resolver.ts';
import { MeterWritesResolver, meterPayloadResolvers } from '../usage/meters/meter-writes.resolver.ts';
import {
  reservationPayloadResolvers,
  UsageReservationResolver,
} from '../usage/reservations/usage-reservation.resolver.ts';
import { UsageResolver } from '../usage/totals/usage.resolver.ts';
import { NodeResolver } from './node.resolver.ts';
import { guardDirectives } from './requires-scopes.ts';
import { scalarsMap } from './scalars.ts';
import { withSubscriptions } from './subscription-field.ts';

// biome-ignore lint/complexity/noBannedTypes: type-graphql's own type of a resolver class
const resolvers: NonEmptyArray<Function> = [
  AccessTokenResolver,
  AnalyticsHistoryResolver,
  AnalyticsResolver,
  StatisticsResolver,
  ApiKeysResolver,
  AuditResolver,
  BackfillResolver,
  CatalogResolver,
  ChangePreviewResolver,
  ChangePriceAmountResolver,
  CheckoutResolver,
  ExpireCheckoutSessionPayloadResolver,
  CustomerResolver,
  CustomerStateResolver,
  CustomerStateChangedResolver,
  CustomerTokenResolver,
  CustomerWritesResolver,
  ...customerPayloadResolvers,
  DoctorResolver,
  EntitlementResolver,
  FeatureGrantResolver,
  ...grantPayloadResolvers,
  ExchangeRateResolver,
  SetExchangeRatePayloadResolver,
  ExplainAccessResolver,
  FeatureResolver,
  FeatureWritesResolver,
  ...featurePayloadResolvers,
  InvitationsResolver,
  InvoiceResolver,
  MembersResolver,
  MeterResolver,
  MrrMovementsResolver,
  MeterWritesResolver,
  ...meterPayloadResolvers,
  PriceWritesResolver,
  ...pricePayloadResolvers,
  ProductWritesResolver,
  ...productPayloadResolvers,
  LedgerResolver,
  ReferralPayoutResolver,
  RetryReferralPayoutPayloadResolver,
  NodeResolver,
  OutgoingDeliveriesResolver,
  OutgoingEndpointResolver,
  PaymentMethodResolver,
  PaymentResolver,
  PaymentWritesResolver,
  ...paymentPayloadResolvers,
  PortalResolver,
  ProductFeatureWritesResolver,
  ...productFeaturePayloadResolvers,
  ProjectResolver,
  ReconciliationResolver,
  ReferralCodeResolver,
  ...referralCodePayloadResolvers,
  ReferralConfigResolver,
  ReferralResolver,
  ApplyReferralPayloadResolver,
  SavedPaymentMethodResolver,
  StripeConnectionResolver,
  SubscriptionResolver,
  SubscriptionChangesResolver,
  ...changePayloadResolvers,
  SubscriptionWritesResolver,
  ...subscriptionPayloadResolvers,
  TaxIdWritesResolver,
  ...taxIdPayloadResolvers,
  TeamInvitationResolver,
  TeamMemberResolver,
  TeamResolver,
  ReportUsageResolver,
  UsageCorrectionsResolver,
  ...correctionPayloadResolvers,
  UsageEventResolver,
  UsageResolver,
  UsageForwardingResolver,
  UsageReservationResolver,
  ...reservationPayloadResolvers,
  ViewerResolver,
  WebhookEventResolver,
];

/** The published schema. It is not guarded yet: the reader links itself to it first (see create-graphql.ts). */
export function buildSchema(): GraphQLSchema {
  const built = buildSchemaSync({
    resolvers,
    scalarsMap,
    directives: [...specifiedDirectives, ...guardDirectives],
    // Scalars validate form and verbs validate meaning.
    validate: false,
    // Apollo checks the schema, and a start has no time to do it twice.
    skipCheck: true,
  });
  const schema = withSubscriptions(built);
  enforceOneOf(schema);
  return schema;
}

/** type-graphql prints `@oneOf` and does not tell graphql-js, which would then accept two keys. */
function enforceOneOf(schema: GraphQLSchema) {
  for (const type of Object.values(schema.getTypeMap())) {
    if (isInputObjectType(type) && type.astNode?.directives?.some(({ name }) => name.value === 'oneOf'))
      type.isOneOf = true;
  }
}
