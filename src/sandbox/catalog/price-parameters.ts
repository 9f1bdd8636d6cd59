import type Stripe from 'stripe';
import { metadata } from '../wire/metadata.ts';
import { boolean, currency, decimal, integer, oneOf, text } from '../wire/parameter-kinds.ts';
import {
  type Every,
  hash,
  keyed,
  list,
  notModelled,
  type Parameter,
  required,
  unsettable,
} from '../wire/parameters.ts';
import { amountParameters, interval, taxBehavior } from './amount-parameters.ts';
import { productData } from './product-parameters.ts';

const integerOrInf: Parameter<number | 'inf'> = {
  read: (form, place) => (form === 'inf' ? 'inf' : integer({ min: 1 }).read(form, place)),
};

const tiers = list(
  hash({
    flat_amount: integer({ min: 0 }),
    flat_amount_decimal: decimal,
    unit_amount: integer({ min: 0 }),
    unit_amount_decimal: decimal,
    up_to: required(integerOrInf),
  } satisfies Every<Stripe.PriceCreateParams.Tier>),
);

/** `currency_options[eur][unit_amount]=900`: what the price is in another currency. */
const currencyOptions = keyed(
  currency,
  hash({
    tax_behavior: taxBehavior,
    tiers,
    unit_amount: integer({ min: 0 }),
    unit_amount_decimal: decimal,
    ...notModelled('custom_unit_amount'),
  } satisfies Every<Stripe.PriceCreateParams.CurrencyOptions>),
);

export const priceParameters = {
  ...amountParameters,
  active: boolean,
  billing_scheme: oneOf('per_unit', 'tiered'),
  currency_options: currencyOptions,
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
  tiers,
  tiers_mode: oneOf('graduated', 'volume'),
  transfer_lookup_key: boolean,
  transform_quantity: hash({ divide_by: required(integer({ min: 1 })), round: required(oneOf('down', 'up')) }),
  ...notModelled('custom_unit_amount'),
} satisfies Every<Stripe.PriceCreateParams>;

export const priceUpdateParameters = {
  active: boolean,
  currency_options: unsettable(currencyOptions),
  lookup_key: text({ max: 200 }),
  metadata,
  nickname: unsettable(text()),
  tax_behavior: taxBehavior,
  transfer_lookup_key: boolean,
} satisfies Every<Stripe.PriceUpdateParams>;
