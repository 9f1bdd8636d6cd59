import type Stripe from 'stripe';
import { metadata } from '../wire/metadata.ts';
import { boolean, oneOf, text, webUrl } from '../wire/parameter-kinds.ts';
import { type Every, hash, list, notModelled, type Of, required, unsettable } from '../wire/parameters.ts';
import { amountParameters } from './amount-parameters.ts';

/** What creating and updating a product have in common. */
export const productParameters = {
  active: boolean,
  description: unsettable(text({ max: 40_000 })),
  images: list(webUrl, { max: 8 }),
  marketing_features: list(hash({ name: required(text({ max: 80 })) }), { max: 15 }),
  metadata,
  name: text({ max: 250 }),
  shippable: boolean,
  statement_descriptor: text({ max: 22 }),
  tax_code: unsettable(text()),
  unit_label: unsettable(text({ max: 12 })),
  url: unsettable(webUrl),
  ...notModelled('package_dimensions', 'tax_details'),
} satisfies Of<Stripe.ProductUpdateParams>;

/** A product made in passing, with a price. */
export const productData = hash({ ...productParameters, id: text({ max: 255 }), name: required(text({ max: 250 })) });

export const productCreateParameters = {
  ...productParameters,
  default_price_data: hash({ ...amountParameters, ...notModelled('currency_options', 'custom_unit_amount') }),
  id: text({ max: 255 }),
  name: required(text({ max: 250 })),
  type: oneOf('good', 'service'),
} satisfies Every<Stripe.ProductCreateParams>;
