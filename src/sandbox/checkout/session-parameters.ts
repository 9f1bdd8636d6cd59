import type Stripe from 'stripe';
import { amountParameters } from '../catalog/amount-parameters.ts';
import { productData } from '../catalog/product-parameters.ts';
import { trialSettings } from '../subscriptions/subscription-parameters.ts';
import { metadata } from '../wire/metadata.ts';
import { boolean, currency, email, integer, oneOf, text, timestamp, webUrl } from '../wire/parameter-kinds.ts';
import { hash, list, type Of, removedIn, required } from '../wire/parameters.ts';

const priceData = hash({ ...amountParameters, product: text(), product_data: productData });

export const lineItem = hash({
  adjustable_quantity: hash({ enabled: required(boolean), maximum: integer({ min: 0 }), minimum: integer({ min: 0 }) }),
  metadata,
  price: text(),
  price_data: priceData,
  quantity: integer({ min: 1, max: 999_999 }),
});

const paymentIntentData = {
  description: text({ max: 1_000 }),
  metadata,
  receipt_email: email,
  setup_future_usage: oneOf('off_session', 'on_session'),
  statement_descriptor: text({ max: 22 }),
  statement_descriptor_suffix: text({ max: 22 }),
} satisfies Of<Stripe.Checkout.SessionCreateParams.PaymentIntentData>;

const subscriptionData = {
  description: text({ max: 500 }),
  metadata,
  trial_end: timestamp,
  trial_period_days: integer({ min: 1, max: 730 }),
  trial_settings: trialSettings,
} satisfies Of<Stripe.Checkout.SessionCreateParams.SubscriptionData>;

const methodTypes = list(oneOf('card'));

export const sessionParameters = {
  adaptive_pricing: hash({ enabled: boolean }),
  allow_promotion_codes: boolean,
  allowed_payment_method_types: methodTypes,
  billing_address_collection: oneOf('auto', 'required'),
  cancel_url: webUrl,
  client_reference_id: text({ max: 200 }),
  currency,
  customer: text(),
  customer_creation: oneOf('always', 'if_required'),
  customer_email: email,
  expires_at: timestamp,
  line_items: list(lineItem),
  locale: text({ max: 10 }),
  metadata,
  mode: required(oneOf('payment', 'setup', 'subscription')),
  payment_intent_data: hash(paymentIntentData),
  payment_method_collection: oneOf('always', 'if_required'),
  payment_method_types: removedIn('2026-09-30.endive', methodTypes),
  phone_number_collection: hash({ enabled: required(boolean) }),
  setup_intent_data: hash({ description: text({ max: 1_000 }), metadata }),
  submit_type: oneOf('auto', 'book', 'donate', 'pay', 'subscribe'),
  subscription_data: hash(subscriptionData),
  success_url: required(webUrl),
  ui_mode: oneOf('hosted_page', 'hosted'),
} satisfies Of<Stripe.Checkout.SessionCreateParams & { payment_method_types: string[] }>;
