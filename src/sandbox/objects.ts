import type Stripe from 'stripe';

/** Every kind of object the sandbox keeps, by Stripe's name for it. */
export interface Objects {
  balance_transaction: Stripe.BalanceTransaction;
  'billing.meter': Stripe.Billing.Meter;
  'billing.meter_event': import('./meters/meter-event.ts').KeptMeterEvent;
  'billing_portal.configuration': Stripe.BillingPortal.Configuration;
  'billing_portal.session': Stripe.BillingPortal.Session;
  card: Stripe.Card;
  charge: Stripe.Charge;
  'checkout.session': Stripe.Checkout.Session;
  coupon: Stripe.Coupon;
  customer: Stripe.Customer;
  customer_balance_transaction: Stripe.CustomerBalanceTransaction;
  'entitlements.active_entitlement': Stripe.Entitlements.ActiveEntitlement;
  'entitlements.feature': Stripe.Entitlements.Feature;
  discount: Stripe.Discount;
  dispute: Stripe.Dispute;
  event: Stripe.Event;
  invoice: Stripe.Invoice;
  invoice_payment: Stripe.InvoicePayment;
  invoiceitem: Stripe.InvoiceItem;
  payment_intent: Stripe.PaymentIntent;
  payment_method: Stripe.PaymentMethod;
  price: Stripe.Price;
  product: Stripe.Product;
  promotion_code: Stripe.PromotionCode;
  refund: Stripe.Refund;
  product_feature: Stripe.ProductFeature;
  'sandbox.fault': import('./faults/fault.ts').Fault;
  setup_intent: Stripe.SetupIntent;
  subscription: Stripe.Subscription;
  subscription_schedule: Stripe.SubscriptionSchedule;
  tax_id: Stripe.TaxId;
  'test_helpers.test_clock': Stripe.TestHelpers.TestClock;
  'v2.core.event': import('./events/thin-event.ts').ThinEvent;
  'v2.core.event_destination': Stripe.V2.Core.EventDestination;
  webhook_endpoint: Stripe.WebhookEndpoint;
}
export type ObjectName = keyof Objects;

/** What the sandbox remembers of an object and Stripe never shows: kept under `_sandbox`, cut off on the way out. */
export interface Memos {
  'checkout.session': { order: import('./checkout/checkout-order.ts').CheckoutOrder };
  discount: { coupon: Wire<Stripe.Coupon> };
  'entitlements.active_entitlement': { customer: string };
  invoice: { daysUntilDue: number | null };
  payment_method: { number: string; isSetUp?: boolean };
  product_feature: { product: string };
  promotion_code: { lowerCode: string };
  'v2.core.event_destination': import('./webhooks/secrets.ts').Secrets;
  webhook_endpoint: import('./webhooks/secrets.ts').Secrets;
}

/** An object as it is kept: the SDK's type on the wire, together with the sandbox's memo. */
export type Stored<N extends ObjectName> = Wire<Objects[N]> &
  (N extends keyof Memos ? { _sandbox: Memos[N] } : unknown);
/** An object of whatever kind. */
export interface AnyStored {
  id: string;
  object: ObjectName;
}

/** An SDK type as it is on the wire before anything is expanded: decimals are strings, references are ids. */
export type Wire<T> = string extends T ? Exclude<T, object> : Fields<T>;
type Fields<T> = T extends Stripe.Decimal
  ? string
  : T extends (infer Item)[]
    ? Wire<Item>[]
    : T extends object
      ? { [Key in keyof T]: Wire<T[Key]> }
      : T;

/** The fields in which Stripe puts an object's id, with the kind of object it is: these can be expanded. */
export const references: Partial<Record<string, ObjectName>> = {
  balance_transaction: 'balance_transaction',
  charge: 'charge',
  configuration: 'billing_portal.configuration',
  coupon: 'coupon',
  customer: 'customer',
  default_payment_method: 'payment_method',
  default_price: 'price',
  default_source: 'card',
  discount: 'discount',
  discounts: 'discount',
  failure_balance_transaction: 'balance_transaction',
  feature: 'entitlements.feature',
  invoice: 'invoice',
  invoice_item: 'invoiceitem',
  latest_charge: 'charge',
  latest_invoice: 'invoice',
  payment_intent: 'payment_intent',
  payment_method: 'payment_method',
  pending_setup_intent: 'setup_intent',
  price: 'price',
  product: 'product',
  promotion_code: 'promotion_code',
  schedule: 'subscription_schedule',
  setup_intent: 'setup_intent',
  subscription: 'subscription',
  test_clock: 'test_helpers.test_clock',
};

/** Fields that Stripe answers only to a request that expands them, and leaves out of events. */
export const includedOnDemand: Partial<Record<string, readonly string[]>> = {
  'checkout.session': ['line_items'],
  coupon: ['applies_to', 'currency_options'],
  customer: ['tax_ids', 'invoice_credit_balance'],
  invoice: ['payments', 'confirmation_secret'],
  price: ['tiers', 'currency_options'],
};
