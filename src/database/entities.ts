import { ApiKey } from '../access/api-key.entity.ts';
import { AuditEntry } from '../audit/audit-entry.entity.ts';
import { Backfill } from '../backfill/backfill.entity.ts';
import { BackfillFailure } from '../backfill/backfill-failure.entity.ts';
import { BillingEvent } from '../billing-events/billing-event.entity.ts';
import { Price } from '../catalog/price.entity.ts';
import { Product } from '../catalog/product.entity.ts';
import { CheckoutSession } from '../checkout/checkout-session.entity.ts';
import { StripeConnection } from '../connections/stripe-connection.entity.ts';
import { CustomerChange } from '../customer-state/customer-change.entity.ts';
import { Customer } from '../customers/customer.entity.ts';
import { DriftFinding } from '../drift/drift-finding.entity.ts';
import { ActiveEntitlement } from '../entitlements/active-entitlement.entity.ts';
import { EndedEntitlement } from '../entitlements/ended-entitlement.entity.ts';
import { Entitlement } from '../entitlements/entitlement.entity.ts';
import { EntitlementSummary } from '../entitlements/entitlement-summary.entity.ts';
import { FeatureAccess } from '../entitlements/feature-access.entity.ts';
import { Feature } from '../features/feature.entity.ts';
import { ProductFeature } from '../features/product-feature.entity.ts';
import { FeatureGrant } from '../grants/feature-grant.entity.ts';
import { InvoicePayment } from '../invoice-payments/invoice-payment.entity.ts';
import { Invoice } from '../invoices/invoice.entity.ts';
import { InvoiceLine } from '../invoices/invoice-line.entity.ts';
import { Lane } from '../lanes/lane.entity.ts';
import { ApiKeyUsage } from '../limits/api-key-usage.entity.ts';
import { TeamInvitation } from '../members/team-invitation.entity.ts';
import { TeamMember } from '../members/team-member.entity.ts';
import { Meter } from '../meters/meter.entity.ts';
import { StoredOperation } from '../operations/operation.entity.ts';
import { Operator } from '../operators/operator.entity.ts';
import { OperatorAccount } from '../operators/operator-account.entity.ts';
import { OperatorRateLimit } from '../operators/operator-rate-limit.entity.ts';
import { OperatorSession } from '../operators/operator-session.entity.ts';
import { OperatorVerification } from '../operators/operator-verification.entity.ts';
import { OutgoingDelivery } from '../outgoing-deliveries/outgoing-delivery.entity.ts';
import { OutgoingEndpoint } from '../outgoing-webhooks/outgoing-endpoint.entity.ts';
import { OutgoingMessage } from '../outgoing-webhooks/outgoing-message.entity.ts';
import { PaymentMethod } from '../payment-methods/payment-method.entity.ts';
import { SetupIntent } from '../payment-methods/setup-intent.entity.ts';
import { Charge } from '../payments/charge.entity.ts';
import { Dispute } from '../payments/dispute.entity.ts';
import { Payment } from '../payments/payment.entity.ts';
import { PortalConfiguration } from '../portal/portal-configuration.entity.ts';
import { PortalSession } from '../portal/portal-session.entity.ts';
import { Plan } from '../projects/plan.entity.ts';
import { ProjectSettings } from '../projects/project-settings.entity.ts';
import { Reconciliation } from '../reconciliation/reconciliation.entity.ts';
import { UsageReservation } from '../reservations/usage-reservation.entity.ts';
import { StripeBudget } from '../stripe/stripe-budget.entity.ts';
import { PendingChange } from '../subscriptions/pending-change.entity.ts';
import { Subscription } from '../subscriptions/subscription.entity.ts';
import { SubscriptionItem } from '../subscriptions/subscription-item.entity.ts';
import { TaxId } from '../tax-ids/tax-id.entity.ts';
import { Project } from '../teams/project.entity.ts';
import { Team } from '../teams/team.entity.ts';
import { SigningKey } from '../tokens/signing-key.entity.ts';
import { MeterErrorReport } from '../usage/meter-error-report.entity.ts';
import { UsageEvent } from '../usage/usage-event.entity.ts';
import { UsageHour } from '../usage/usage-hour.entity.ts';
import { UsageHourValue } from '../usage/usage-hour-value.entity.ts';
import { UsageForwarding } from '../usage-forwarding/usage-forwarding.entity.ts';
import { UsageThreshold } from '../usage-thresholds/usage-threshold.entity.ts';
import { InboundEvent } from '../webhooks/inbound-event.entity.ts';

/** Every table and view, listed: nothing is discovered by scanning folders. */
export const entities = [
  Team,
  Project,
  ProjectSettings,
  StripeConnection,
  StripeBudget,
  Operator,
  OperatorSession,
  OperatorAccount,
  OperatorVerification,
  OperatorRateLimit,
  TeamMember,
  TeamInvitation,
  ApiKey,
  ApiKeyUsage,
  SigningKey,
  Customer,
  TaxId,
  CustomerChange,
  Product,
  Price,
  Plan,
  Subscription,
  SubscriptionItem,
  PendingChange,
  CheckoutSession,
  PortalConfiguration,
  PortalSession,
  Payment,
  Charge,
  Dispute,
  PaymentMethod,
  SetupIntent,
  EntitlementSummary,
  ActiveEntitlement,
  EndedEntitlement,
  Feature,
  ProductFeature,
  FeatureGrant,
  Entitlement,
  FeatureAccess,
  MeterErrorReport,
  Meter,
  UsageEvent,
  UsageReservation,
  UsageThreshold,
  UsageForwarding,
  UsageHour,
  UsageHourValue,
  Invoice,
  InvoiceLine,
  InvoicePayment,
  BillingEvent,
  OutgoingEndpoint,
  OutgoingMessage,
  OutgoingDelivery,
  InboundEvent,
  Reconciliation,
  DriftFinding,
  StoredOperation,
  AuditEntry,
  Lane,
  Backfill,
  BackfillFailure,
];
