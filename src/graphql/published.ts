import { publishedExchangeRate } from '../analytics/exchange-rates/exchange-rate.published.ts';
import { publishedPrice } from '../billing/catalog/price.published.ts';
import { publishedProduct } from '../billing/catalog/product.published.ts';
import { publishedCheckoutSession } from '../billing/checkout/checkout-session.published.ts';
import { publishedCustomer } from '../billing/customers/customer.published.ts';
import { publishedInvoice } from '../billing/invoices/invoice.published.ts';
import { publishedInvoiceLine } from '../billing/invoices/invoice-line.published.ts';
import { publishedPaymentMethod } from '../billing/payment-methods/payment-method.published.ts';
import { publishedCharge } from '../billing/payments/charge.published.ts';
import { publishedDispute } from '../billing/payments/dispute.published.ts';
import { publishedPayment } from '../billing/payments/payment.published.ts';
import { publishedPendingChange } from '../billing/subscriptions/pending-change.published.ts';
import { publishedSubscription } from '../billing/subscriptions/subscription.published.ts';
import { publishedSubscriptionItem } from '../billing/subscriptions/subscription-item.published.ts';
import { publishedTaxId } from '../billing/tax-ids/tax-id.published.ts';
import { publishedCustomerState } from '../customer-state/customer-state.published.ts';
import { publishedEntitlement, publishedFeatureAccess } from '../entitlements/current/entitlement.published.ts';
import { publishedFeature, publishedProductFeature } from '../entitlements/features/feature.published.ts';
import { publishedFeatureGrant } from '../entitlements/grants/feature-grant.published.ts';
import { publishedReferralCode } from '../referrals/codes/referral-code.published.ts';
import { publishedLedgerEntry } from '../referrals/ledger/ledger-entry.published.ts';
import { publishedReferral } from '../referrals/life/referral.published.ts';
import { publishedReferralPayout } from '../referrals/payouts/referral-payout.published.ts';
import { publishedReferralReward } from '../referrals/rewards/referral-reward.published.ts';
import { publishedUsageEvent } from '../usage/events/usage-event.published.ts';
import { publishedEventForwarding } from '../usage/forwarding-health/event-forwarding.published.ts';
import { publishedMeter } from '../usage/meters/meter.published.ts';
import { publishedUsageReservation } from '../usage/reservations/usage-reservation.published.ts';

/** Every type that is read from a table. */
export const published = [
  publishedCharge,
  publishedCheckoutSession,
  publishedCustomer,
  publishedCustomerState,
  publishedDispute,
  publishedEntitlement,
  publishedExchangeRate,
  publishedFeature,
  publishedFeatureAccess,
  publishedFeatureGrant,
  publishedProductFeature,
  publishedInvoice,
  publishedInvoiceLine,
  publishedLedgerEntry,
  publishedMeter,
  publishedPayment,
  publishedPaymentMethod,
  publishedPrice,
  publishedProduct,
  publishedReferral,
  publishedReferralCode,
  publishedReferralReward,
  publishedReferralPayout,
  publishedSubscription,
  publishedPendingChange,
  publishedSubscriptionItem,
  publishedTaxId,
  publishedUsageEvent,
  publishedEventForwarding,
  publishedUsageReservation,
];
