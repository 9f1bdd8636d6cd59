import type Stripe from 'stripe';
import { metadata } from '../wire/metadata.ts';
import { email, integer, oneOf, text, texts } from '../wire/parameter-kinds.ts';
import { hash, list, notModelled, type Of, removedIn, required, unsettable } from '../wire/parameters.ts';

const line = unsettable(text());

export const address = unsettable(
  hash({
    city: line,
    country: line,
    line1: line,
    line2: line,
    postal_code: line,
    state: line,
  } satisfies Of<Stripe.AddressParam>),
);

/** What creating and updating a customer have in common. */
export const customerParameters = {
  address,
  balance: integer(),
  business_name: unsettable(text({ max: 150 })),
  // Stripe took it away a year before; its own CLI still sends it.
  coupon: removedIn('2026-09-30.endive', unsettable(text())),
  description: unsettable(text()),
  email: unsettable(email),
  individual_name: unsettable(text({ max: 150 })),
  invoice_prefix: text({ max: 12 }),
  invoice_settings: hash({
    custom_fields: unsettable(
      list(hash({ name: required(text({ max: 40 })), value: required(text({ max: 140 })) }), { max: 4 }),
    ),
    default_payment_method: unsettable(text()),
    footer: unsettable(text()),
    ...notModelled('rendering_options'),
  }),
  metadata,
  name: unsettable(text({ max: 256 })),
  next_invoice_sequence: integer({ min: 1 }),
  phone: unsettable(text({ max: 20 })),
  preferred_locales: texts,
  shipping: unsettable(hash({ address: required(address), name: required(text()), phone: unsettable(text()) })),
  source: text(),
  tax_exempt: unsettable(oneOf('none', 'exempt', 'reverse')),
  ...notModelled('cash_balance', 'tax', 'validate'),
} satisfies Of<Stripe.CustomerUpdateParams & { coupon: string }>;
