import type Stripe from 'stripe';
import { amountParameters } from '../catalog/amount-parameters.ts';
import { subscriptionDiscounts } from '../promotions/subscription-discounts.ts';
import { metadata } from '../wire/metadata.ts';
import { boolean, integer, oneOf, text, timestamp } from '../wire/parameter-kinds.ts';
import {
  type Every,
  hash,
  list,
  notModelled,
  type Of,
  type Parameter,
  required,
  unsettable,
} from '../wire/parameters.ts';

export const cancellationDetails = hash({
  comment: unsettable(text()),
  feedback: unsettable(
    oneOf(
      'customer_service',
      'low_quality',
      'missing_features',
      'other',
      'switched_service',
      'too_complex',
      'too_expensive',
      'unused',
    ),
  ),
});

export const trialSettings = hash({
  end_behavior: hash({ missing_payment_method: oneOf('cancel', 'create_invoice', 'pause') }),
});

export const prorationBehavior = oneOf('always_invoice', 'create_prorations', 'none');
export const collectionMethod = oneOf('charge_automatically', 'send_invoice');
export const quantity = integer({ min: 0, max: 999_999_999 });

/** A time, or a word for one. */
export function timeOr<const W extends string>(...words: W[]): Parameter<number | W> {
  return {
    read: (form, place) =>
      typeof form === 'string' && (words as string[]).includes(form) ? (form as W) : timestamp.read(form, place),
  };
}

const { recurring, ...amount } = amountParameters;
export const recurringPriceData = hash({
  currency: amount.currency,
  product: required(text()),
  recurring: required(recurring),
  tax_behavior: amount.tax_behavior,
  unit_amount: amount.unit_amount,
  unit_amount_decimal: amount.unit_amount_decimal,
});
export const oneTimePriceData = hash({
  currency: amount.currency,
  product: required(text()),
  tax_behavior: amount.tax_behavior,
  unit_amount: amount.unit_amount,
  unit_amount_decimal: amount.unit_amount_decimal,
});

export const newItem = {
  metadata,
  plan: text(),
  price: text(),
  price_data: recurringPriceData,
  quantity,
  ...notModelled('billing_thresholds', 'current_trial', 'discounts', 'tax_rates'),
} satisfies Every<Stripe.SubscriptionCreateParams.Item>;

export const changedItem = {
  ...newItem,
  clear_usage: boolean,
  deleted: boolean,
  id: text(),
} satisfies Every<Stripe.SubscriptionUpdateParams.Item>;

export const addedInvoiceItem = hash({
  metadata,
  price: text(),
  price_data: oneTimePriceData,
  quantity: integer({ min: 1, max: 999_999_999 }),
  ...notModelled('discountable', 'discounts', 'period', 'tax_rates'),
} satisfies Every<Stripe.SubscriptionCreateParams.AddInvoiceItem>);

const paymentMethodType = text({ max: 50 });

/** What creating and updating a subscription have in common. */
export const subscriptionParameters = {
  add_invoice_items: list(addedInvoiceItem, { max: 20 }),
  automatic_tax: hash({ enabled: required(boolean) }),
  cancel_at: unsettable(timeOr('max_period_end', 'min_period_end')),
  cancel_at_period_end: boolean,
  collection_method: collectionMethod,
  days_until_due: integer({ min: 0, max: 3_650 }),
  default_payment_method: text(),
  default_source: text(),
  description: unsettable(text({ max: 500 })),
  discounts: subscriptionDiscounts,
  metadata,
  off_session: boolean,
  payment_behavior: oneOf('allow_incomplete', 'default_incomplete', 'error_if_incomplete', 'pending_if_incomplete'),
  payment_settings: hash({
    payment_method_types: unsettable(list(paymentMethodType)),
    save_default_payment_method: oneOf('off', 'on_subscription'),
  }),
  proration_behavior: prorationBehavior,
  trial_end: timeOr('now'),
  trial_from_plan: boolean,
  trial_settings: trialSettings,
  ...notModelled('default_tax_rates', 'invoice_settings'),
} satisfies Of<Stripe.SubscriptionUpdateParams>;
