import { retrieveAccount } from './account/retrieve-account.ts';
import {
  createBalanceEntry,
  listBalanceEntries,
  retrieveBalanceEntry,
  updateBalanceEntry,
} from './billing/customer-balance-operations.ts';
import { createPrice } from './catalog/create-price.ts';
import { createProduct } from './catalog/create-product.ts';
import { deleteProduct } from './catalog/delete-product.ts';
import { listPrices } from './catalog/list-prices.ts';
import { listProducts } from './catalog/list-products.ts';
import { updatePrice } from './catalog/update-price.ts';
import { updateProduct } from './catalog/update-product.ts';
import { captureHeldCharge } from './charges/capture-charge.ts';
import { createCharge } from './charges/create-charge.ts';
import { listAccountBalanceTransactions } from './charges/list-account-balance-transactions.ts';
import { listCharges } from './charges/list-charges.ts';
import { updateCharge } from './charges/update-charge.ts';
import { createSession } from './checkout/create-session.ts';
import { expireSession } from './checkout/expire-session.ts';
import { listLineItems } from './checkout/list-line-items.ts';
import { listSessions } from './checkout/list-sessions.ts';
import { confirmPaymentPage, retrievePaymentPage } from './checkout/payment-page.ts';
import { updateSession } from './checkout/update-session.ts';
import { listDeliveries, replayDelivery, retrieveDelivery } from './control/delivery-operations.ts';
import { createCustomer } from './customers/create-customer.ts';
import { deleteCustomer } from './customers/delete-customer.ts';
import { listCustomers } from './customers/list-customers.ts';
import { retrieveCustomer } from './customers/retrieve-customer.ts';
import { updateCustomer } from './customers/update-customer.ts';
import { listDisputes } from './disputes/list-disputes.ts';
import { giveUpDispute, updateDispute } from './disputes/update-dispute.ts';
import {
  createFeature,
  listActiveEntitlements,
  listFeatures,
  updateFeature,
} from './entitlements/feature-operations.ts';
import {
  attachFeature,
  detachFeature,
  listProductFeatures,
  retrieveProductFeature,
} from './entitlements/product-feature-operations.ts';
import { listEvents, retrieveEvent } from './events/list-events.ts';
import { listThinEvents } from './events/list-thin-events.ts';
import { retryEvent } from './events/retry-event.ts';
import { createFault, deleteFault, deleteFaults, listFaults } from './faults/fault-operations.ts';
import { createInvoice } from './invoices/create-invoice.ts';
import { createPreview } from './invoices/create-preview.ts';
import {
  createInvoiceItem,
  deleteInvoiceItem,
  listInvoiceItems,
  updateInvoiceItem,
} from './invoices/invoice-item-operations.ts';
import { deleteInvoice, finalize, makeUncollectible, makeVoid, send } from './invoices/invoice-operations.ts';
import { listInvoiceLines } from './invoices/list-invoice-lines.ts';
import { listInvoicePayments } from './invoices/list-invoice-payments.ts';
import { listInvoices } from './invoices/list-invoices.ts';
import { payInvoice } from './invoices/pay-invoice.ts';
import { updateInvoice } from './invoices/update-invoice.ts';
import { createMeterEvent } from './meters/create-meter-event.ts';
import { createMeterEventAdjustment } from './meters/create-meter-event-adjustment.ts';
import { listEventSummaries } from './meters/list-event-summaries.ts';
import { createMeter, deactivateMeter, listMeters, reactivateMeter, updateMeter } from './meters/meter-operations.ts';
import { attachPaymentMethodToCustomer } from './payment-methods/attach-payment-method.ts';
import { createPaymentMethod } from './payment-methods/create-payment-method.ts';
import { detachPaymentMethod } from './payment-methods/detach-payment-method.ts';
import {
  listPaymentMethods,
  listPaymentMethodsOfCustomer,
  retrievePaymentMethodOfCustomer,
} from './payment-methods/list-payment-methods.ts';
import { updatePaymentMethod } from './payment-methods/update-payment-method.ts';
import { cancelPaymentIntent } from './payments/cancel-payment-intent.ts';
import { capturePaymentIntent } from './payments/capture-payment-intent.ts';
import { confirmPaymentIntent } from './payments/confirm-payment-intent.ts';
import { createPaymentIntent } from './payments/create-payment-intent.ts';
import { listPaymentIntents } from './payments/list-payment-intents.ts';
import { retrieveIntent } from './payments/retrieve-intent.ts';
import { updatePaymentIntent } from './payments/update-payment-intent.ts';
import { createConfiguration, listConfigurations, updateConfiguration } from './portal/configuration-operations.ts';
import { createPortalSession } from './portal/create-session.ts';
import { createCoupon } from './promotions/create-coupon.ts';
import { createPromotionCode } from './promotions/create-promotion-code.ts';
import { deleteCustomerDiscount, deleteSubscriptionDiscount } from './promotions/customer-discount.ts';
import { deleteCoupon } from './promotions/delete-coupon.ts';
import { listCoupons } from './promotions/list-coupons.ts';
import { listPromotionCodes } from './promotions/list-promotion-codes.ts';
import { updateCoupon } from './promotions/update-coupon.ts';
import { updatePromotionCode } from './promotions/update-promotion-code.ts';
import { cancelRefund } from './refunds/cancel-refund.ts';
import { createRefund } from './refunds/create-refund.ts';
import { listRefunds } from './refunds/list-refunds.ts';
import { updateRefund } from './refunds/update-refund.ts';
import { createSchedule } from './schedules/create-schedule.ts';
import { listSchedules, releaseSchedule } from './schedules/release-schedule.ts';
import { updateSchedule } from './schedules/update-schedule.ts';
import { cancelSetupIntent } from './setup/cancel-setup-intent.ts';
import { confirmSetupIntent } from './setup/confirm-setup-intent.ts';
import { createSetupIntent } from './setup/create-setup-intent.ts';
import { listSetupIntents } from './setup/list-setup-intents.ts';
import { updateSetupIntent } from './setup/update-setup-intent.ts';
import { createSource, deleteSource, listSources, retrieveSource, updateSource } from './sources/customer-sources.ts';
import { cancelSubscription } from './subscriptions/cancel-subscription.ts';
import { createSubscription } from './subscriptions/create-subscription.ts';
import { createItem, deleteItem, listItems, retrieveItem, updateItem } from './subscriptions/item-operations.ts';
import { listSubscriptions } from './subscriptions/list-subscriptions.ts';
import { pauseNow } from './subscriptions/pause-subscription.ts';
import { resumeSubscription } from './subscriptions/resume-subscription.ts';
import { updateSubscription } from './subscriptions/update-subscription.ts';
import {
  createTaxId,
  deleteTaxId,
  deleteTaxIdOfCustomer,
  listTaxIds,
  retrieveTaxIdOfCustomer,
} from './tax-ids/tax-id-operations.ts';
import { advanceTestClock } from './time/advance-test-clock.ts';
import { createTestClock, deleteTestClock, listTestClocks } from './time/test-clock-operations.ts';
import { createEndpoint } from './webhooks/create-endpoint.ts';
import { deleteEndpoint } from './webhooks/delete-endpoint.ts';
import {
  createEventDestination,
  deleteEventDestination,
  disableEventDestination,
  enableEventDestination,
  listEventDestinations,
  retrieveEventDestination,
  updateEventDestination,
} from './webhooks/event-destinations.ts';
import { listEndpoints } from './webhooks/list-endpoints.ts';
import { rollSecret } from './webhooks/roll-secret.ts';
import { updateEndpoint } from './webhooks/update-endpoint.ts';
import type { Route } from './wire/operation.ts';
import { retrieve } from './wire/retrieve.ts';

/** Everything of Stripe's API that the sandbox answers. */
export const routes: readonly Route[] = [
  ['GET', '/v1/account', retrieveAccount],

  ['POST', '/v1/customers', createCustomer],
  ['GET', '/v1/customers', listCustomers],
  ['GET', '/v1/customers/:id', retrieveCustomer],
  ['POST', '/v1/customers/:id', updateCustomer],
  ['DELETE', '/v1/customers/:id', deleteCustomer],
  ['GET', '/v1/customers/:id/payment_methods', listPaymentMethodsOfCustomer],
  ['GET', '/v1/customers/:id/payment_methods/:method', retrievePaymentMethodOfCustomer],
  ['POST', '/v1/customers/:id/balance_transactions', createBalanceEntry],
  ['GET', '/v1/customers/:id/balance_transactions', listBalanceEntries],
  ['GET', '/v1/customers/:id/balance_transactions/:entry', retrieveBalanceEntry],
  ['POST', '/v1/customers/:id/balance_transactions/:entry', updateBalanceEntry],
  ['DELETE', '/v1/customers/:id/discount', deleteCustomerDiscount],
  ['POST', '/v1/customers/:id/sources', createSource],
  ['GET', '/v1/customers/:id/sources', listSources],
  ['GET', '/v1/customers/:id/sources/:source', retrieveSource],
  ['POST', '/v1/customers/:id/sources/:source', updateSource],
  ['DELETE', '/v1/customers/:id/sources/:source', deleteSource],

  ['POST', '/v1/customers/:id/tax_ids', createTaxId],
  ['GET', '/v1/customers/:id/tax_ids', listTaxIds],
  ['GET', '/v1/customers/:id/tax_ids/:tax_id', retrieveTaxIdOfCustomer],
  ['DELETE', '/v1/customers/:id/tax_ids/:tax_id', deleteTaxIdOfCustomer],
  ['GET', '/v1/tax_ids/:id', retrieve('tax_id')],
  ['DELETE', '/v1/tax_ids/:id', deleteTaxId],

  ['POST', '/v1/products', createProduct],
  ['GET', '/v1/products', listProducts],
  ['GET', '/v1/products/:id', retrieve('product')],
  ['POST', '/v1/products/:id', updateProduct],
  ['DELETE', '/v1/products/:id', deleteProduct],
  ['POST', '/v1/products/:id/features', attachFeature],
  ['GET', '/v1/products/:id/features', listProductFeatures],
  ['GET', '/v1/products/:id/features/:feature', retrieveProductFeature],
  ['DELETE', '/v1/products/:id/features/:feature', detachFeature],

  ['POST', '/v1/prices', createPrice],
  ['GET', '/v1/prices', listPrices],
  ['GET', '/v1/prices/:id', retrieve('price')],
  ['POST', '/v1/prices/:id', updatePrice],

  ['POST', '/v1/checkout/sessions', createSession],
  ['GET', '/v1/checkout/sessions', listSessions],
  ['GET', '/v1/checkout/sessions/:id', retrieve('checkout.session')],
  ['POST', '/v1/checkout/sessions/:id', updateSession],
  ['GET', '/v1/checkout/sessions/:id/line_items', listLineItems],
  ['POST', '/v1/checkout/sessions/:id/expire', expireSession],
  ['GET', '/v1/payment_pages/:id', retrievePaymentPage],
  ['POST', '/v1/payment_pages/:id/confirm', confirmPaymentPage],

  ['GET', '/v1/subscriptions', listSubscriptions],
  ['GET', '/v1/subscriptions/:id', retrieve('subscription')],
  ['POST', '/v1/subscriptions/:id', updateSubscription],
  ['DELETE', '/v1/subscriptions/:id', cancelSubscription],
  ['POST', '/v1/subscriptions', createSubscription],
  ['POST', '/v1/subscriptions/:id/pause', pauseNow],
  ['POST', '/v1/subscriptions/:id/resume', resumeSubscription],
  ['POST', '/v1/subscription_items', createItem],
  ['GET', '/v1/subscription_items', listItems],
  ['GET', '/v1/subscription_items/:id', retrieveItem],
  ['POST', '/v1/subscription_items/:id', updateItem],
  ['DELETE', '/v1/subscription_items/:id', deleteItem],
  ['DELETE', '/v1/subscriptions/:id/discount', deleteSubscriptionDiscount],

  ['GET', '/v1/subscription_schedules', listSchedules],
  ['POST', '/v1/subscription_schedules', createSchedule],
  ['GET', '/v1/subscription_schedules/:id', retrieve('subscription_schedule')],
  ['POST', '/v1/subscription_schedules/:id', updateSchedule],
  ['POST', '/v1/subscription_schedules/:id/release', releaseSchedule],

  ['GET', '/v1/invoices', listInvoices],
  ['GET', '/v1/invoices/:id', retrieve('invoice')],
  ['GET', '/v1/invoices/:id/lines', listInvoiceLines],
  ['POST', '/v1/invoices', createInvoice],
  ['POST', '/v1/invoices/create_preview', createPreview],
  ['POST', '/v1/invoices/:id', updateInvoice],
  ['DELETE', '/v1/invoices/:id', deleteInvoice],
  ['POST', '/v1/invoices/:id/finalize', finalize],
  ['POST', '/v1/invoices/:id/mark_uncollectible', makeUncollectible],
  ['POST', '/v1/invoices/:id/pay', payInvoice],
  ['POST', '/v1/invoices/:id/send', send],
  ['POST', '/v1/invoices/:id/void', makeVoid],
  ['GET', '/v1/invoice_payments', listInvoicePayments],
  ['GET', '/v1/invoice_payments/:id', retrieve('invoice_payment')],
  ['POST', '/v1/invoiceitems', createInvoiceItem],
  ['GET', '/v1/invoiceitems', listInvoiceItems],
  ['GET', '/v1/invoiceitems/:id', retrieve('invoiceitem')],
  ['POST', '/v1/invoiceitems/:id', updateInvoiceItem],
  ['DELETE', '/v1/invoiceitems/:id', deleteInvoiceItem],

  ['POST', '/v1/billing/meters', createMeter],
  ['GET', '/v1/billing/meters', listMeters],
  ['GET', '/v1/billing/meters/:id', retrieve('billing.meter')],
  ['POST', '/v1/billing/meters/:id', updateMeter],
  ['POST', '/v1/billing/meters/:id/deactivate', deactivateMeter],
  ['POST', '/v1/billing/meters/:id/reactivate', reactivateMeter],
  ['GET', '/v1/billing/meters/:id/event_summaries', listEventSummaries],
  ['POST', '/v1/billing/meter_events', createMeterEvent],
  ['POST', '/v1/billing/meter_event_adjustments', createMeterEventAdjustment],

  ['POST', '/v1/entitlements/features', createFeature],
  ['GET', '/v1/entitlements/features', listFeatures],
  ['GET', '/v1/entitlements/features/:id', retrieve('entitlements.feature')],
  ['POST', '/v1/entitlements/features/:id', updateFeature],
  ['GET', '/v1/entitlements/active_entitlements', listActiveEntitlements],
  ['GET', '/v1/entitlements/active_entitlements/:id', retrieve('entitlements.active_entitlement')],

  ['POST', '/v1/test_helpers/test_clocks', createTestClock],
  ['GET', '/v1/test_helpers/test_clocks', listTestClocks],
  ['GET', '/v1/test_helpers/test_clocks/:id', retrieve('test_helpers.test_clock')],
  ['DELETE', '/v1/test_helpers/test_clocks/:id', deleteTestClock],
  ['POST', '/v1/test_helpers/test_clocks/:id/advance', advanceTestClock],

  ['POST', '/v1/payment_methods', createPaymentMethod],
  ['GET', '/v1/payment_methods', listPaymentMethods],
  ['GET', '/v1/payment_methods/:id', retrieve('payment_method')],
  ['POST', '/v1/payment_methods/:id', updatePaymentMethod],
  ['POST', '/v1/payment_methods/:id/attach', attachPaymentMethodToCustomer],
  ['POST', '/v1/payment_methods/:id/detach', detachPaymentMethod],

  ['GET', '/v1/payment_intents', listPaymentIntents],
  ['GET', '/v1/payment_intents/:id', retrieveIntent('payment_intent')],
  ['POST', '/v1/payment_intents', createPaymentIntent],
  ['POST', '/v1/payment_intents/:id', updatePaymentIntent],
  ['POST', '/v1/payment_intents/:id/confirm', confirmPaymentIntent],
  ['POST', '/v1/payment_intents/:id/capture', capturePaymentIntent],
  ['POST', '/v1/payment_intents/:id/cancel', cancelPaymentIntent],

  ['POST', '/v1/setup_intents', createSetupIntent],
  ['GET', '/v1/setup_intents', listSetupIntents],
  ['GET', '/v1/setup_intents/:id', retrieveIntent('setup_intent')],
  ['POST', '/v1/setup_intents/:id', updateSetupIntent],
  ['POST', '/v1/setup_intents/:id/confirm', confirmSetupIntent],
  ['POST', '/v1/setup_intents/:id/cancel', cancelSetupIntent],

  ['POST', '/v1/charges', createCharge],
  ['GET', '/v1/charges', listCharges],
  ['GET', '/v1/charges/:id', retrieve('charge')],
  ['POST', '/v1/charges/:id', updateCharge],
  ['POST', '/v1/charges/:id/capture', captureHeldCharge],
  ['GET', '/v1/balance_transactions', listAccountBalanceTransactions],
  ['GET', '/v1/balance_transactions/:id', retrieve('balance_transaction')],

  ['POST', '/v1/refunds', createRefund],
  ['GET', '/v1/refunds', listRefunds],
  ['GET', '/v1/refunds/:id', retrieve('refund')],
  ['POST', '/v1/refunds/:id', updateRefund],
  ['POST', '/v1/refunds/:id/cancel', cancelRefund],

  ['GET', '/v1/disputes', listDisputes],
  ['GET', '/v1/disputes/:id', retrieve('dispute')],
  ['POST', '/v1/disputes/:id', updateDispute],
  ['POST', '/v1/disputes/:id/close', giveUpDispute],

  ['POST', '/v1/coupons', createCoupon],
  ['GET', '/v1/coupons', listCoupons],
  ['GET', '/v1/coupons/:id', retrieve('coupon')],
  ['POST', '/v1/coupons/:id', updateCoupon],
  ['DELETE', '/v1/coupons/:id', deleteCoupon],

  ['POST', '/v1/promotion_codes', createPromotionCode],
  ['GET', '/v1/promotion_codes', listPromotionCodes],
  ['GET', '/v1/promotion_codes/:id', retrieve('promotion_code')],
  ['POST', '/v1/promotion_codes/:id', updatePromotionCode],

  ['POST', '/v1/billing_portal/configurations', createConfiguration],
  ['GET', '/v1/billing_portal/configurations', listConfigurations],
  ['GET', '/v1/billing_portal/configurations/:id', retrieve('billing_portal.configuration')],
  ['POST', '/v1/billing_portal/configurations/:id', updateConfiguration],
  ['POST', '/v1/billing_portal/sessions', createPortalSession],

  ['GET', '/v1/events', listEvents],
  ['GET', '/v1/events/:id', retrieveEvent],
  ['POST', '/v1/events/:id/retry', retryEvent],

  ['POST', '/v1/webhook_endpoints', createEndpoint],
  ['GET', '/v1/webhook_endpoints', listEndpoints],
  ['GET', '/v1/webhook_endpoints/:id', retrieve('webhook_endpoint')],
  ['POST', '/v1/webhook_endpoints/:id', updateEndpoint],
  ['DELETE', '/v1/webhook_endpoints/:id', deleteEndpoint],

  ['POST', '/v2/core/event_destinations', createEventDestination],
  ['GET', '/v2/core/event_destinations', listEventDestinations],
  ['GET', '/v2/core/event_destinations/:id', retrieveEventDestination],
  ['POST', '/v2/core/event_destinations/:id', updateEventDestination],
  ['POST', '/v2/core/event_destinations/:id/enable', enableEventDestination],
  ['POST', '/v2/core/event_destinations/:id/disable', disableEventDestination],
  ['DELETE', '/v2/core/event_destinations/:id', deleteEventDestination],
  ['GET', '/v2/core/events', listThinEvents],
  ['GET', '/v2/core/events/:id', retrieve('v2.core.event')],

  ['POST', '/_sandbox/faults', createFault],
  ['GET', '/_sandbox/faults', listFaults],
  ['GET', '/_sandbox/faults/:id', retrieve('sandbox.fault')],
  ['DELETE', '/_sandbox/faults/:id', deleteFault],
  ['DELETE', '/_sandbox/faults', deleteFaults],
  ['GET', '/_sandbox/deliveries', listDeliveries],
  ['GET', '/_sandbox/deliveries/:id', retrieveDelivery],
  ['POST', '/_sandbox/deliveries/:id/replay', replayDelivery],
  ['POST', '/_sandbox/webhook_endpoints/:id/roll_secret', rollSecret],
];
