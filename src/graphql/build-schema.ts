import 'reflect-metadata';
import { type GraphQLSchema, isInputObjectType, specifiedDirectives } from 'graphql';
import { buildSchemaSync, type NonEmptyArray } from 'type-graphql';
import { AccessTokenResolver } from '../access-tokens/access-token.resolver.ts';
import { ApiKeysResolver } from '../api-keys/api-keys.resolver.ts';
import { AuditResolver } from '../audit/audit.resolver.ts';
import { BackfillResolver } from '../backfill/backfill.resolver.ts';
import { CatalogResolver } from '../catalog/catalog.resolver.ts';
import { PriceWritesResolver, pricePayloadResolvers } from '../catalog/price-writes.resolver.ts';
import { ProductWritesResolver, productPayloadResolvers } from '../catalog/product-writes.resolver.ts';
import { CheckoutResolver, ExpireCheckoutSessionPayloadResolver } from '../checkout/checkout.resolver.ts';
import { StripeConnectionResolver } from '../connections/stripe-connection.resolver.ts';
import { CustomerStateResolver } from '../customer-state/customer-state.resolver.ts';
import { CustomerStateChangedResolver } from '../customer-state/customer-state-changed.resolver.ts';
import { CustomerResolver } from '../customers/customer.resolver.ts';
import { CustomerTokenResolver } from '../customers/customer-token.resolver.ts';
import { CustomerWritesResolver, customerPayloadResolvers } from '../customers/customer-writes.resolver.ts';
import { DoctorResolver } from '../doctor/doctor.resolver.ts';
import { EntitlementResolver } from '../entitlements/entitlement.resolver.ts';
import { ExplainAccessResolver } from '../explanations/explain-access.resolver.ts';
import { FeatureResolver } from '../features/feature.resolver.ts';
import { FeatureWritesResolver, featurePayloadResolvers } from '../features/feature-writes.resolver.ts';
import {
  ProductFeatureWritesResolver,
  productFeaturePayloadResolvers,
} from '../features/product-feature-writes.resolver.ts';
import { UsageForwardingResolver } from '../forwarding-health/usage-forwarding.resolver.ts';
import { FeatureGrantResolver, grantPayloadResolvers } from '../grants/feature-grant.resolver.ts';
import { InvoiceResolver } from '../invoices/invoice.resolver.ts';
import { InvitationsResolver } from '../members/invitations.resolver.ts';
import { MembersResolver } from '../members/members.resolver.ts';
import { TeamInvitationResolver, TeamMemberResolver, TeamResolver } from '../members/team.resolver.ts';
import { MeterResolver } from '../meters/meter.resolver.ts';
import { MeterWritesResolver, meterPayloadResolvers } from '../meters/meter-writes.resolver.ts';
import { OutgoingDeliveriesResolver } from '../outgoing-deliveries/outgoing-deliveries.resolver.ts';
import { OutgoingEndpointResolver } from '../outgoing-webhooks/outgoing-endpoint.resolver.ts';
import { PaymentMethodResolver } from '../payment-methods/payment-method.resolver.ts';
import { SavedPaymentMethodResolver } from '../payment-methods/saved-payment-method.resolver.ts';
import { PaymentWritesResolver, paymentPayloadResolvers } from '../payment-writes/payment-writes.resolver.ts';
import { PaymentResolver } from '../payments/payment.resolver.ts';
import { PortalResolver } from '../portal/portal.resolver.ts';
import { ChangePriceAmountResolver } from '../pricing/change-price-amount.resolver.ts';
import { ProjectResolver } from '../projects/project.resolver.ts';
import { ReconciliationResolver } from '../reconciliation/reconciliation.resolver.ts';
import { reservationPayloadResolvers, UsageReservationResolver } from '../reservations/usage-reservation.resolver.ts';
import { ChangePreviewResolver } from '../subscription-changes/change-preview.resolver.ts';
import {
  SubscriptionWritesResolver,
  subscriptionPayloadResolvers,
} from '../subscription-changes/subscription-writes.resolver.ts';
import { SubscriptionResolver } from '../subscriptions/subscription.resolver.ts';
import { TaxIdWritesResolver, taxIdPayloadResolvers } from '../tax-ids/tax-id-writes.resolver.ts';
import { ReportUsageResolver } from '../usage/report-usage.resolver.ts';
import { correctionPayloadResolvers, UsageCorrectionsResolver } from '../usage/usage-corrections.resolver.ts';
import { UsageEventResolver } from '../usage/usage-event.resolver.ts';
import { UsageResolver } from '../usage-totals/usage.resolver.ts';
import { ViewerResolver } from '../viewer/viewer.resolver.ts';
import { WebhookEventResolver } from '../webhooks/webhook-event.resolver.ts';
import { NodeResolver } from './node.resolver.ts';
import { guardDirectives } from './requires-scopes.ts';
import { scalarsMap } from './scalars.ts';
import { withSubscriptions } from './subscription-field.ts';

// biome-ignore lint/complexity/noBannedTypes: type-graphql's own type of a resolver class
const resolvers: NonEmptyArray<Function> = [
  AccessTokenResolver,
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
  ExplainAccessResolver,
  FeatureResolver,
  FeatureWritesResolver,
  ...featurePayloadResolvers,
  InvitationsResolver,
  InvoiceResolver,
  MembersResolver,
  MeterResolver,
  MeterWritesResolver,
  ...meterPayloadResolvers,
  PriceWritesResolver,
  ...pricePayloadResolvers,
  ProductWritesResolver,
  ...productPayloadResolvers,
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
  SavedPaymentMethodResolver,
  StripeConnectionResolver,
  SubscriptionResolver,
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
