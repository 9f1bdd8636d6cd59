import type Stripe from 'stripe';
import { Price } from '../../billing/catalog/price.entity.ts';
import { Product } from '../../billing/catalog/product.entity.ts';
import { syncPrices } from '../../billing/catalog/sync-prices.ts';
import { syncProducts } from '../../billing/catalog/sync-products.ts';
import { CheckoutSession } from '../../billing/checkout/checkout-session.entity.ts';
import { syncCheckoutSessions } from '../../billing/checkout/sync-checkout-sessions.ts';
import { Customer } from '../../billing/customers/customer.entity.ts';
import { syncCustomers } from '../../billing/customers/sync-customers.ts';
import { InvoicePayment } from '../../billing/invoice-payments/invoice-payment.entity.ts';
import { syncInvoicePayments } from '../../billing/invoice-payments/sync-invoice-payments.ts';
import { Invoice } from '../../billing/invoices/invoice.entity.ts';
import { readInvoice } from '../../billing/invoices/read-invoice.ts';
import { syncInvoices } from '../../billing/invoices/sync-invoices.ts';
import { PaymentMethod } from '../../billing/payment-methods/payment-method.entity.ts';
import { SetupIntent } from '../../billing/payment-methods/setup-intent.entity.ts';
import { syncPaymentMethods } from '../../billing/payment-methods/sync-payment-methods.ts';
import { syncSetupIntents } from '../../billing/payment-methods/sync-setup-intents.ts';
import { Charge } from '../../billing/payments/charge.entity.ts';
import { Dispute } from '../../billing/payments/dispute.entity.ts';
import { Payment } from '../../billing/payments/payment.entity.ts';
import { syncCharges } from '../../billing/payments/sync-charges.ts';
import { syncDisputes } from '../../billing/payments/sync-disputes.ts';
import { syncPayments } from '../../billing/payments/sync-payments.ts';
import { Subscription } from '../../billing/subscriptions/subscription.entity.ts';
import { syncSubscriptions } from '../../billing/subscriptions/sync-subscriptions.ts';
import { syncTaxIds } from '../../billing/tax-ids/sync-tax-ids.ts';
import { TaxId } from '../../billing/tax-ids/tax-id.entity.ts';
import { EntitlementSummary } from '../../entitlements/current/entitlement-summary.entity.ts';
import { syncEntitlementSummaries } from '../../entitlements/current/sync-entitlement-summaries.ts';
import { stripeApiVersion } from '../../stripe/api-version.ts';
import { MeterErrorReport } from '../../usage/events/meter-error-report.entity.ts';
import { syncMeterErrorReports } from '../../usage/events/sync-meter-error-reports.ts';
import { Meter } from '../../usage/meters/meter.entity.ts';
import { syncMeters } from '../../usage/meters/sync-meters.ts';
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
