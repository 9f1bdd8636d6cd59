import type Stripe from 'stripe';
import { metadata } from '../wire/metadata.ts';
import { boolean, decimal, integer, oneOf, text } from '../wire/parameter-kinds.ts';
import { type Every, hash, list, notModelled, type Parameter, required, unsettable } from '../wire/parameters.ts';
import { amountParameters, interval, taxBehavior } from './amount-parameters.ts';
import { productData } from './product-parameters.ts';

const integerOrInf: Parameter<number | 'inf'> = {
  read: (form, place) => (form === 'inf' ? 'inf' : integer({ min: 1 }).read(form, place)),
};

export const priceParameters = {
  ...amountParameters,
  active: boolean,
  billing_scheme: oneOf('per_unit', 'tiered'),
  lookup_key: text({ max: 200 }),
  nickname: text(),
  product: text(),
  product_data: productData,
  recurring: hash({
    ...interval,
    meter: text(),
    usage_type: oneOf('licensed', 'metered'),
    trial_period_days: integer({ min: 1, max: 730 }),
  }),
  tiers: list(
    hash({
      flat_amount: integer({ min: 0 }),
      flat_amount_decimal: decimal,
      unit_amount: integer({ min: 0 }),
      unit_amount_decimal: decimal,
      up_to: required(integerOrInf),
    }),
  ),
  tiers_mode: oneOf('graduated', 'volume'),
  transfer_lookup_key: boolean,
  transform_quantity: hash({ divide_by: required(integer({ min: 1 })), round: required(oneOf('down', 'up')) }),
  ...notModelled('currency_options', 'custom_unit_amount'),
} satisfies Every<Stripe.PriceCreateParams>;

export const priceUpdateParameters = {
  active: boolean,
  lookup_key: text({ max: 200 }),
  metadata,
  nickname: unsettable(text()),
  tax_behavior: taxBehavior,
  transfer_lookup_key: boolean,
  ...notModelled('currency_options'),
} satisfies Every<Stripe.PriceUpdateParams>;
