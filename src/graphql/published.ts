import { publishedPrice } from '../catalog/price.published.ts';
import { publishedProduct } from '../catalog/product.published.ts';
import { publishedCheckoutSession } from '../checkout/checkout-session.published.ts';
import { publishedCustomerState } from '../customer-state/customer-state.published.ts';
import { publishedCustomer } from '../customers/customer.published.ts';
import { publishedEntitlement, publishedFeatureAccess } from '../entitlements/entitlement.published.ts';
import { publishedFeature, publishedProductFeature } from '../features/feature.published.ts';
import { publishedFeatureGrant } from '../grants/feature-grant.published.ts';
import { publishedInvoice } from '../invoices/invoice.published.ts';
import { publishedInvoiceLine } from '../invoices/invoice-line.published.ts';
import { publishedMeter } from '../meters/meter.published.ts';
import { publishedPaymentMethod } from '../payment-methods/payment-method.published.ts';
import { publishedCharge } from '../payments/charge.published.ts';
import { publishedDispute } from '../payments/dispute.published.ts';
import { publishedPayment } from '../payments/payment.published.ts';
import { publishedUsageReservation } from '../reservations/usage-reservation.published.ts';
import { publishedPendingChange } from '../subscriptions/pending-change.published.ts';
import { publishedSubscription } from '../subscriptions/subscription.published.ts';
import { publishedSubscriptionItem } from '../subscriptions/subscription-item.published.ts';
import { publishedTaxId } from '../tax-ids/tax-id.published.ts';
import { publishedUsageEvent } from '../usage/usage-event.published.ts';

/** Every type that is read from a table. */
export const published = [
  publishedCharge,
  publishedCheckoutSession,
  publishedCustomer,
  publishedCustomerState,
  publishedDispute,
  publishedEntitlement,
  publishedFeature,
  publishedFeatureAccess,
  publishedFeatureGrant,
  publishedProductFeature,
  publishedInvoice,
  publishedInvoiceLine,
  publishedMeter,
  publishedPayment,
  publishedPaymentMethod,
  publishedPrice,
  publishedProduct,
  publishedSubscription,
  publishedPendingChange,
  publishedSubscriptionItem,
  publishedTaxId,
  publishedUsageEvent,
  publishedUsageReservation,
];
