import type Stripe from 'stripe';
import { metadata } from '../wire/metadata.ts';
import { email, integer, oneOf, text, texts } from '../wire/parameter-kinds.ts';
import { hash, list, type Of, required, unsettable } from '../wire/parameters.ts';

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
  description: unsettable(text()),
  email: unsettable(email),
  invoice_prefix: text({ max: 12 }),
  invoice_settings: hash({
    custom_fields: unsettable(
      list(hash({ name: required(text({ max: 40 })), value: required(text({ max: 140 })) }), { max: 4 }),
    ),
    default_payment_method: unsettable(text()),
    footer: unsettable(text()),
  }),
  metadata,
  name: unsettable(text({ max: 256 })),
  next_invoice_sequence: integer({ min: 1 }),
  phone: unsettable(text({ max: 20 })),
  preferred_locales: texts,
  shipping: unsettable(hash({ address: required(address), name: required(text()), phone: unsettable(text()) })),
  tax_exempt: unsettable(oneOf('none', 'exempt', 'reverse')),
} satisfies Of<Stripe.CustomerUpdateParams>;
