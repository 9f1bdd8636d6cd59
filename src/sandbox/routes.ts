import { retrieveAccount } from './account/retrieve-account.ts';
import { createPrice } from './catalog/create-price.ts';
import { createProduct } from './catalog/create-product.ts';
import { deleteProduct } from './catalog/delete-product.ts';
import { listPrices } from './catalog/list-prices.ts';
import { listProducts } from './catalog/list-products.ts';
import { updatePrice } from './catalog/update-price.ts';
import { updateProduct } from './catalog/update-product.ts';
import { createSession } from './checkout/create-session.ts';
import { expireSession } from './checkout/expire-session.ts';
import { listLineItems } from './checkout/list-line-items.ts';
import { listSessions } from './checkout/list-sessions.ts';
import { listDeliveries, replayDelivery, retrieveDelivery } from './control/delivery-operations.ts';
import { createCustomer } from './customers/create-customer.ts';
import { deleteCustomer } from './customers/delete-customer.ts';
import { listCustomers } from './customers/list-customers.ts';
import { retrieveCustomer } from './customers/retrieve-customer.ts';
import { updateCustomer } from './customers/update-customer.ts';
import { listEvents, retrieveEvent } from './events/list-events.ts';
import { retryEvent } from './events/retry-event.ts';
import { createFault, deleteFault, deleteFaults, listFaults } from './faults/fault-operations.ts';
import { listInvoiceLines } from './invoices/list-invoice-lines.ts';
import { listInvoices } from './invoices/list-invoices.ts';
import { attachPaymentMethodToCustomer } from './payments/attach-payment-method.ts';
import { createPaymentMethod } from './payments/create-payment-method.ts';
import { detachPaymentMethod } from './payments/detach-payment-method.ts';
import { listPaymentMethods, listPaymentMethodsOfCustomer } from './payments/list-payment-methods.ts';
import { listCharges, listPaymentIntents, listSetupIntents } from './payments/list-payments.ts';
import { createConfiguration, listConfigurations, updateConfiguration } from './portal/configuration-operations.ts';
import { createPortalSession } from './portal/create-session.ts';
import { cancelSubscription } from './subscriptions/cancel-subscription.ts';
import { listSubscriptions } from './subscriptions/list-subscriptions.ts';
import { updateSubscription } from './subscriptions/update-subscription.ts';
import { createEndpoint } from './webhooks/create-endpoint.ts';
import { deleteEndpoint } from './webhooks/delete-endpoint.ts';
import { createEventDestination, deleteEventDestination } from './webhooks/event-destinations.ts';
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

  ['POST', '/v1/products', createProduct],
  ['GET', '/v1/products', listProducts],
  ['GET', '/v1/products/:id', retrieve('product')],
  ['POST', '/v1/products/:id', updateProduct],
  ['DELETE', '/v1/products/:id', deleteProduct],

  ['POST', '/v1/prices', createPrice],
  ['GET', '/v1/prices', listPrices],
  ['GET', '/v1/prices/:id', retrieve('price')],
  ['POST', '/v1/prices/:id', updatePrice],

  ['POST', '/v1/checkout/sessions', createSession],
  ['GET', '/v1/checkout/sessions', listSessions],
  ['GET', '/v1/checkout/sessions/:id', retrieve('checkout.session')],
  ['GET', '/v1/checkout/sessions/:id/line_items', listLineItems],
  ['POST', '/v1/checkout/sessions/:id/expire', expireSession],

  ['GET', '/v1/subscriptions', listSubscriptions],
  ['GET', '/v1/subscriptions/:id', retrieve('subscription')],
  ['POST', '/v1/subscriptions/:id', updateSubscription],
  ['DELETE', '/v1/subscriptions/:id', cancelSubscription],

  ['GET', '/v1/invoices', listInvoices],
  ['GET', '/v1/invoices/:id', retrieve('invoice')],
  ['GET', '/v1/invoices/:id/lines', listInvoiceLines],

  ['POST', '/v1/payment_methods', createPaymentMethod],
  ['GET', '/v1/payment_methods', listPaymentMethods],
  ['GET', '/v1/payment_methods/:id', retrieve('payment_method')],
  ['POST', '/v1/payment_methods/:id/attach', attachPaymentMethodToCustomer],
  ['POST', '/v1/payment_methods/:id/detach', detachPaymentMethod],

  ['GET', '/v1/payment_intents', listPaymentIntents],
  ['GET', '/v1/payment_intents/:id', retrieve('payment_intent')],
  ['GET', '/v1/setup_intents', listSetupIntents],
  ['GET', '/v1/setup_intents/:id', retrieve('setup_intent')],
  ['GET', '/v1/charges', listCharges],
  ['GET', '/v1/charges/:id', retrieve('charge')],

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
  ['GET', '/v2/core/event_destinations/:id', retrieve('v2.core.event_destination')],
  ['DELETE', '/v2/core/event_destinations/:id', deleteEventDestination],
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
