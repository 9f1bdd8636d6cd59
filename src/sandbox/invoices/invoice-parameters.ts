import type Stripe from 'stripe';
import { collectionMethod } from '../subscriptions/subscription-parameters.ts';
import { metadata } from '../wire/metadata.ts';
import { boolean, integer, text, timestamp } from '../wire/parameter-kinds.ts';
import { hash, list, notModelled, type Of, required, unsettable } from '../wire/parameters.ts';

/** What creating and updating an invoice have in common. */
export const invoiceParameters = {
  auto_advance: boolean,
  automatic_tax: hash({ enabled: required(boolean) }),
  automatically_finalizes_at: timestamp,
  collection_method: collectionMethod,
  custom_fields: unsettable(
    list(hash({ name: required(text({ max: 40 })), value: required(text({ max: 140 })) }), { max: 4 }),
  ),
  days_until_due: integer({ min: 0, max: 3_650 }),
  default_payment_method: text(),
  description: unsettable(text({ max: 1_500 })),
  due_date: timestamp,
  effective_at: unsettable(timestamp),
  footer: unsettable(text()),
  metadata,
  number: unsettable(text({ max: 26 })),
  payment_settings: hash({ payment_method_types: unsettable(list(text())) }),
  statement_descriptor: text({ max: 22 }),
  ...notModelled(
    'account_tax_ids',
    'application_fee_amount',
    'default_source',
    'default_tax_rates',
    'issuer',
    'on_behalf_of',
    'rendering',
    'shipping_cost',
    'shipping_details',
    'transfer_data',
  ),
} satisfies Of<Stripe.InvoiceUpdateParams>;
