import type Stripe from 'stripe';
import { oneTimePriceData } from '../subscriptions/subscription-parameters.ts';
import { metadata } from '../wire/metadata.ts';
import { boolean, currency, decimal, integer, oneOf, text, timestamp } from '../wire/parameter-kinds.ts';
import { type Every, hash, notModelled, type Of, required, unsettable } from '../wire/parameters.ts';

export const itemParameters = {
  amount: integer(),
  description: unsettable(text()),
  discountable: boolean,
  metadata,
  period: hash({ end: required(timestamp), start: required(timestamp) }),
  price_data: oneTimePriceData,
  pricing: hash({ price: text() }),
  quantity: integer({ min: 0, max: 999_999_999 }),
  tax_behavior: oneOf('exclusive', 'inclusive', 'unspecified'),
  tax_code: unsettable(text()),
  unit_amount_decimal: decimal,
  ...notModelled('discounts', 'quantity_decimal', 'tax_rates'),
} satisfies Of<Stripe.InvoiceItemUpdateParams>;

export const itemCreateParameters = {
  ...itemParameters,
  currency,
  customer: required(text()),
  invoice: text(),
  subscription: text(),
  ...notModelled('customer_account'),
} satisfies Every<Stripe.InvoiceItemCreateParams>;

export const itemUpdateParameters = {
  ...itemParameters,
  ...notModelled('invoicing_rules'),
} satisfies Every<Stripe.InvoiceItemUpdateParams>;
