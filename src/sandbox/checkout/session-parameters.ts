import type Stripe from 'stripe';
import { amountParameters } from '../catalog/amount-parameters.ts';
import { productData } from '../catalog/product-parameters.ts';
import { shipping } from '../payments/intent-parameters.ts';
import { trialSettings } from '../subscriptions/subscription-parameters.ts';
import { metadata } from '../wire/metadata.ts';
import { boolean, currency, email, integer, oneOf, text, timestamp, webUrl } from '../wire/parameter-kinds.ts';
import { type Every, hash, list, notModelled, removedIn, required } from '../wire/parameters.ts';
import { customFields, customText } from './custom-field-parameters.ts';

type Params = Stripe.Checkout.SessionCreateParams;

/** What the page has inputs for. */
const methodTypes = list(oneOf('card', 'sepa_debit'));

const priceData = hash({ ...amountParameters, product: text(), product_data: productData });

export const lineItem = hash({
  adjustable_quantity: hash({
    enabled: required(boolean),
    maximum: integer({ min: 1, max: 999_999 }),
    minimum: integer({ min: 0, max: 999_999 }),
  }),
  metadata,
  price: text(),
  price_data: priceData,
  quantity: integer({ min: 1, max: 999_999 }),
  ...notModelled('tax_rates'),
} satisfies Every<Params['line_items'] extends (infer Item)[] | undefined ? Item : never>);

const paymentIntentData = {
  capture_method: oneOf('automatic', 'automatic_async', 'manual'),
  description: text({ max: 1_000 }),
  metadata,
  receipt_email: email,
  setup_future_usage: oneOf('off_session', 'on_session'),
  shipping,
  statement_descriptor: text({ max: 22 }),
  statement_descriptor_suffix: text({ max: 22 }),
  transfer_group: text(),
  ...notModelled('application_fee_amount', 'on_behalf_of', 'transfer_data'),
} satisfies Every<Stripe.Checkout.SessionCreateParams.PaymentIntentData>;

const subscriptionData = {
  description: text({ max: 500 }),
  metadata,
  trial_end: timestamp,
  trial_period_days: integer({ min: 1, max: 730 }),
  trial_settings: trialSettings,
  ...notModelled(
    'application_fee_percent',
    'billing_cycle_anchor',
    'billing_cycle_anchor_config',
    'billing_mode',
    'default_tax_rates',
    'invoice_settings',
    'on_behalf_of',
    'pending_invoice_item_interval',
    'proration_behavior',
    'transfer_data',
  ),
} satisfies Every<Stripe.Checkout.SessionCreateParams.SubscriptionData>;

const consentCollection = hash({
  payment_method_reuse_agreement: hash({ position: required(oneOf('auto', 'hidden')) }),
  promotions: oneOf('auto', 'none'),
  terms_of_service: oneOf('none', 'required'),
});

const autoOrNever = oneOf('auto', 'never');

export const sessionParameters = {
  adaptive_pricing: hash({ enabled: boolean }),
  after_expiration: hash({ recovery: hash({ allow_promotion_codes: boolean, enabled: required(boolean) }) }),
  allow_promotion_codes: boolean,
  allowed_payment_method_types: methodTypes,
  automatic_tax: hash({ enabled: required(boolean), ...notModelled('liability') }),
  billing_address_collection: oneOf('auto', 'required'),
  cancel_url: webUrl,
  client_reference_id: text({ max: 200 }),
  consent_collection: consentCollection,
  currency,
  custom_fields: customFields,
  custom_text: customText,
  customer: text(),
  customer_creation: oneOf('always', 'if_required'),
  customer_email: email,
  customer_update: hash({ address: autoOrNever, name: autoOrNever, ...notModelled('shipping') }),
  discounts: list(hash({ coupon: text(), promotion_code: text() }), { max: 1 }),
  expires_at: timestamp,
  invoice_creation: hash({ enabled: required(oneOf('false')), ...notModelled('invoice_data') }),
  line_items: list(lineItem),
  locale: text({ max: 10 }),
  metadata,
  mode: required(oneOf('payment', 'setup', 'subscription')),
  payment_intent_data: hash(paymentIntentData),
  payment_method_collection: oneOf('always', 'if_required'),
  payment_method_options: hash({ card: hash({ request_three_d_secure: oneOf('any', 'automatic', 'challenge') }) }),
  payment_method_types: removedIn('2026-09-30.endive', methodTypes),
  phone_number_collection: hash({ enabled: required(boolean) }),
  saved_payment_method_options: hash({
    allow_redisplay_filters: list(oneOf('always', 'limited', 'unspecified')),
    payment_method_remove: oneOf('disabled', 'enabled'),
    payment_method_save: oneOf('disabled', 'enabled'),
  }),
  setup_intent_data: hash({ description: text({ max: 1_000 }), metadata, ...notModelled('on_behalf_of') }),
  submit_type: oneOf('auto', 'book', 'donate', 'pay', 'subscribe'),
  subscription_data: hash(subscriptionData),
  success_url: required(webUrl),
  ui_mode: oneOf('hosted_page', 'hosted'),
  ...notModelled(
    'branding_settings',
    'customer_account',
    'excluded_payment_method_types',
    'integration_identifier',
    'managed_payments',
    'name_collection',
    'optional_items',
    'origin_context',
    'payment_method_configuration',
    'payment_method_data',
    'permissions',
    'redirect_on_completion',
    'return_url',
    'shipping_address_collection',
    'shipping_options',
    'tax_id_collection',
    'wallet_options',
  ),
} satisfies Every<Params & { payment_method_types: string[] }>;
