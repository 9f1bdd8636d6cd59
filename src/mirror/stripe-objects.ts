import type Stripe from 'stripe';
import { Price } from '../catalog/price.entity.ts';
import { Product } from '../catalog/product.entity.ts';
import { syncPrices } from '../catalog/sync-prices.ts';
import { syncProducts } from '../catalog/sync-products.ts';
import { CheckoutSession } from '../checkout/checkout-session.entity.ts';
import { syncCheckoutSessions } from '../checkout/sync-checkout-sessions.ts';
import { Customer } from '../customers/customer.entity.ts';
import { syncCustomers } from '../customers/sync-customers.ts';
import { EntitlementSummary } from '../entitlements/entitlement-summary.entity.ts';
import { syncEntitlementSummaries } from '../entitlements/sync-entitlement-summaries.ts';
import { InvoicePayment } from '../invoice-payments/invoice-payment.entity.ts';
import { syncInvoicePayments } from '../invoice-payments/sync-invoice-payments.ts';
import { Invoice } from '../invoices/invoice.entity.ts';
import { readInvoice } from '../invoices/read-invoice.ts';
import { syncInvoices } from '../invoices/sync-invoices.ts';
import { Meter } from '../meters/meter.entity.ts';
import { syncMeters } from '../meters/sync-meters.ts';
import { PaymentMethod } from '../payment-methods/payment-method.entity.ts';
import { SetupIntent } from '../payment-methods/setup-intent.entity.ts';
import { syncPaymentMethods } from '../payment-methods/sync-payment-methods.ts';
import { syncSetupIntents } from '../payment-methods/sync-setup-intents.ts';
import { Charge } from '../payments/charge.entity.ts';
import { Dispute } from '../payments/dispute.entity.ts';
import { Payment } from '../payments/payment.entity.ts';
import { syncCharges } from '../payments/sync-charges.ts';
import { syncDisputes } from '../payments/sync-disputes.ts';
import { syncPayments } from '../payments/sync-payments.ts';
import { stripeApiVersion } from '../stripe/api-version.ts';
import { Subscription } from '../subscriptions/subscription.entity.ts';
import { syncSubscriptions } from '../subscriptions/sync-subscriptions.ts';
import { syncTaxIds } from '../tax-ids/sync-tax-ids.ts';
import { TaxId } from '../tax-ids/tax-id.entity.ts';
import { MeterErrorReport } from '../usage/meter-error-report.entity.ts';
import { syncMeterErrorReports } from '../usage/sync-meter-error-reports.ts';
import { retrieveCustomer } from './retrieve-customer.ts';
import { retrieveEntitlements } from './retrieve-entitlements.ts';
import { retrieveInvoice } from './retrieve-invoice.ts';
import { retrievePrice } from './retrieve-price.ts';
import { retrieveSubscription } from './retrieve-subscription.ts';
import type { StripeObject } from './stripe-object.ts';

/** Ours, and the one that many accounts have stayed with: before periods moved to items, and subscriptions to parents. */
const bothShapes = [stripeApiVersion, '2023-08-16'];

/**
 * A draft that stands alone can be deleted, after which a late event would bring it back. Stripe lets no other invoice be
 * deleted.
 */
const isDeletable = (invoice: Stripe.Invoice) =>
  invoice.status === 'draft' && !readInvoice(invoice).stripeSubscriptionId;

/**
 * Every type of Stripe's objects that has rows here, in Stripe's word, each after those that it refers to. Events of
 * other objects are kept in the inbox, and ignored.
 */
export const stripeObjects = new Map<string, StripeObject>(
  Object.entries({
    customer: {
      entity: Customer,
      stripeId: 'stripeCustomerId',
      retrieve: retrieveCustomer,
      snapshotSuffices: true,
      readsVersions: bothShapes,
      vanishes: false,
      sync: syncCustomers,
    },
    // After the customers, whose deletion changes them.
    tax_id: {
      entity: TaxId,
      stripeId: 'stripeTaxId',
      deletedBy: 'customer.tax_id.deleted',
      retrieve: (stripe, id) => stripe.taxIds.retrieve(id),
      snapshotSuffices: true,
      readsVersions: bothShapes,
      vanishes: true,
      sync: syncTaxIds,
    },
    payment_method: {
      entity: PaymentMethod,
      stripeId: 'stripePaymentMethodId',
      retrieve: (stripe, id) => stripe.paymentMethods.retrieve(id),
      snapshotSuffices: true,
      readsVersions: bothShapes,
      vanishes: false,
      sync: syncPaymentMethods,
    },
    product: {
      entity: Product,
      stripeId: 'stripeProductId',
      retrieve: (stripe, id) => stripe.products.retrieve(id),
      snapshotSuffices: true,
      readsVersions: bothShapes,
      vanishes: true,
      sync: syncProducts,
    },
    'billing.meter': {
      entity: Meter,
      stripeId: 'stripeMeterId',
      retrieve: (stripe, id) => stripe.billing.meters.retrieve(id),
      snapshotSuffices: true,
      readsVersions: bothShapes,
      vanishes: false,
      sync: syncMeters,
    },
    price: {
      entity: Price,
      stripeId: 'stripePriceId',
      retrieve: retrievePrice,
      // No copy of a price shows its tiers, nor that it has other currencies.
      snapshotSuffices: false,
      vanishes: true,
      sync: syncPrices,
    },
    subscription: {
      entity: Subscription,
      stripeId: 'stripeSubscriptionId',
      retrieve: retrieveSubscription,
      snapshotSuffices: true,
      readsVersions: bothShapes,
      vanishes: false,
      sync: syncSubscriptions,
    },
    invoice: {
      entity: Invoice,
      stripeId: 'stripeInvoiceId',
      retrieve: retrieveInvoice,
      snapshotSuffices: (invoice: Stripe.Invoice) => !isDeletable(invoice),
      readsVersions: bothShapes,
      vanishes: true,
      sync: syncInvoices,
    },
    'checkout.session': {
      entity: CheckoutSession,
      stripeId: 'stripeSessionId',
      retrieve: (stripe, id) => stripe.checkout.sessions.retrieve(id),
      snapshotSuffices: true,
      readsVersions: bothShapes,
      vanishes: false,
      sync: syncCheckoutSessions,
    },
    payment_intent: {
      entity: Payment,
      stripeId: 'stripePaymentIntentId',
      retrieve: (stripe, id) => stripe.paymentIntents.retrieve(id),
      snapshotSuffices: true,
      readsVersions: bothShapes,
      vanishes: false,
      sync: syncPayments,
    },
    invoice_payment: {
      entity: InvoicePayment,
      stripeId: 'stripeInvoicePaymentId',
      retrieve: (stripe, id) => stripe.invoicePayments.retrieve(id),
      snapshotSuffices: true,
      vanishes: false,
      sync: syncInvoicePayments,
    },
    charge: {
      entity: Charge,
      stripeId: 'stripeChargeId',
      retrieve: (stripe, id) => stripe.charges.retrieve(id),
      snapshotSuffices: true,
      readsVersions: bothShapes,
      vanishes: false,
      sync: syncCharges,
    },
    dispute: {
      entity: Dispute,
      stripeId: 'stripeDisputeId',
      retrieve: (stripe, id) => stripe.disputes.retrieve(id),
      snapshotSuffices: true,
      readsVersions: bothShapes,
      vanishes: false,
      sync: syncDisputes,
    },
    setup_intent: {
      entity: SetupIntent,
      stripeId: 'stripeSetupIntentId',
      retrieve: (stripe, id) => stripe.setupIntents.retrieve(id),
      snapshotSuffices: true,
      readsVersions: bothShapes,
      vanishes: false,
      sync: syncSetupIntents,
    },
    'entitlements.active_entitlement_summary': {
      entity: EntitlementSummary,
      stripeId: 'stripeCustomerId',
      idField: 'customer',
      retrieve: retrieveEntitlements,
      snapshotSuffices: true,
      vanishes: false,
      sync: syncEntitlementSummaries,
    },
    // The one thin event that is read: it is its own object.
    'v2.core.event': {
      entity: MeterErrorReport,
      stripeId: 'stripeEventId',
      retrieve: (stripe, id) => stripe.v2.core.events.retrieve(id),
      snapshotSuffices: false,
      vanishes: false,
      sync: syncMeterErrorReports,
    },
  } satisfies Record<string, StripeObject>),
);
