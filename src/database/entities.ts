import { ExchangeRate } from '../analytics/exchange-rates/exchange-rate.entity.ts';
import { RevenueMovement } from '../analytics/revenue/revenue-movement.entity.ts';
import { SubscriptionRevenue } from '../analytics/revenue/subscription-revenue.entity.ts';
import { AnalyticsSnapshot } from '../analytics/snapshots/analytics-snapshot.entity.ts';
import { AuditEntry } from '../audit/audit-entry.entity.ts';
import { Price } from '../billing/catalog/price.entity.ts';
import { Product } from '../billing/catalog/product.entity.ts';
import { CheckoutSession } from '../billing/checkout/checkout-session.entity.ts';
import { Customer } from '../billing/customers/customer.entity.ts';
import { InvoicePayment } from '../billing/invoice-payments/invoice-payment.entity.ts';
import { Invoice } from '../billing/invoices/invoice.entity.ts';
import { InvoiceLine } from '../billing/invoices/invoice-line.entity.ts';
import { PaymentMethod } from '../billing/payment-methods/payment-method.entity.ts';
import { SetupIntent } from '../billing/payment-methods/setup-intent.entity.ts';
import { Charge } from '../billing/payments/charge.entity.ts';
import { Dispute } from '../billing/payments/dispute.entity.ts';
import { Payment } from '../billing/payments/payment.entity.ts';
import { PendingChange } from '../billing/subscriptions/pending-change.entity.ts';
import { Subscription } from '../billing/subscriptions/subscription.entity.ts';
import { SubscriptionItem } from '../billing/subscriptions/subscription-item.entity.ts';
import { TaxId } from '../billing/tax-ids/tax-id.entity.ts';
import { CustomerChange } from '../customer-state/customer-change.entity.ts';
import { ActiveEntitlement } from '../entitlements/current/active-entitlement.entity.ts';
import { EndedEntitlement } from '../entitlements/current/ended-entitlement.entity.ts';
import { Entitlement } from '../entitlements/current/entitlement.entity.ts';
import { EntitlementSummary } from '../entitlements/current/entitlement-summary.entity.ts';
import { FeatureAccess } from '../entitlements/current/feature-access.entity.ts';
import { Feature } from '../entitlements/features/feature.entity.ts';
import { ProductFeature } from '../entitlements/features/product-feature.entity.ts';
import { FeatureGrant } from '../entitlements/grants/feature-grant.entity.ts';
import { ApiKey } from '../identity/access/api-key.entity.ts';
import { Operator } from '../identity/operators/operator.entity.ts';
import { OperatorAccount } from '../identity/operators/operator-account.entity.ts';
import { OperatorRateLimit } from '../identity/operators/operator-rate-limit.entity.ts';
import { OperatorSession } from '../identity/operators/operator-session.entity.ts';
import { OperatorVerification } from '../identity/operators/operator-verification.entity.ts';
import { SigningKey } from '../identity/tokens/signing-key.entity.ts';
import { Backfill } from '../ingestion/backfill/backfill.entity.ts';
import { BackfillFailure } from '../ingestion/backfill/backfill-failure.entity.ts';
import { BillingEvent } from '../ingestion/billing-events/billing-event.entity.ts';
import { DriftFinding } from '../ingestion/drift/drift-finding.entity.ts';
import { Reconciliation } from '../ingestion/reconciliation/reconciliation.entity.ts';
import { InboundEvent } from '../ingestion/webhooks/inbound-event.entity.ts';
import { Lane } from '../lanes/lane.entity.ts';
import { ApiKeyUsage } from '../limits/api-key-usage.entity.ts';
import { StoredOperation } from '../operations/operation.entity.ts';
import { OutgoingDelivery } from '../outgoing/deliveries/outgoing-delivery.entity.ts';
import { OutgoingEndpoint } from '../outgoing/webhooks/outgoing-endpoint.entity.ts';
import { OutgoingMessage } from '../outgoing/webhooks/outgoing-message.entity.ts';
import { PortalConfiguration } from '../portal/sessions/portal-configuration.entity.ts';
import { PortalSession } from '../portal/sessions/portal-session.entity.ts';
import { ReferralCode } from '../referrals/codes/referral-code.entity.ts';
import { LedgerEntry } from '../referrals/ledger/ledger-entry.entity.ts';
import { Referral } from '../referrals/life/referral.entity.ts';
import { ReferralPayout } from '../referrals/payouts/referral-payout.entity.ts';
import { ReferralConfig } from '../referrals/programme/referral-config.entity.ts';
import { ReferralReward } from '../referrals/rewards/referral-reward.entity.ts';
import { StripeBudget } from '../stripe/stripe-budget.entity.ts';
import { StripeConnection } from '../tenancy/connections/stripe-connection.entity.ts';
import { TeamInvitation } from '../tenancy/members/team-invitation.entity.ts';
import { TeamMember } from '../tenancy/members/team-member.entity.ts';
import { Plan } from '../tenancy/projects/plan.entity.ts';
import { ProjectSettings } from '../tenancy/projects/project-settings.entity.ts';
import { Project } from '../tenancy/teams/project.entity.ts';
import { Team } from '../tenancy/teams/team.entity.ts';
import { MeterErrorReport } from '../usage/events/meter-error-report.entity.ts';
import { UsageEvent } from '../usage/events/usage-event.entity.ts';
import { UsageHour } from '../usage/events/usage-hour.entity.ts';
import { UsageHourValue } from '../usage/events/usage-hour-value.entity.ts';
import { UsageForwarding } from '../usage/forwarding/usage-forwarding.entity.ts';
import { Meter } from '../usage/meters/meter.entity.ts';
import { UsageReservation } from '../usage/reservations/usage-reservation.entity.ts';
import { UsageThreshold } from '../usage/thresholds/usage-threshold.entity.ts';

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
  SubscriptionRevenue,
  RevenueMovement,
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
  ReferralConfig,
  ReferralCode,
  Referral,
  ReferralReward,
  ExchangeRate,
  AnalyticsSnapshot,
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
  LedgerEntry,
  ReferralPayout,
  Backfill,
  BackfillFailure,
];
