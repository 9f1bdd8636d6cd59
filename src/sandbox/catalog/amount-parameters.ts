import type Stripe from 'stripe';
import { metadata } from '../wire/metadata.ts';
import { currency, decimal, integer, oneOf } from '../wire/parameter-kinds.ts';
import { hash, type Of, required } from '../wire/parameters.ts';

export const interval = {
  interval: required(oneOf('day', 'week', 'month', 'year')),
  interval_count: integer({ min: 1, max: 1_095 }),
};
export const taxBehavior = oneOf('exclusive', 'inclusive', 'unspecified');

/** What a price needs where it is made in passing: with a product, or inline in a line item. */
export const amountParameters = {
  currency: required(currency),
  metadata,
  recurring: hash(interval),
  tax_behavior: taxBehavior,
  unit_amount: integer({ min: 0 }),
  unit_amount_decimal: decimal,
} satisfies Of<Stripe.ProductCreateParams.DefaultPriceData>;
