import type Stripe from 'stripe';
import { address } from '../customers/customer-parameters.ts';
import { methodData } from '../payment-methods/payment-method-parameters.ts';
import { metadata } from '../wire/metadata.ts';
import { boolean, email, integer, oneOf, text, texts, webUrl } from '../wire/parameter-kinds.ts';
import {
  type Every,
  hash,
  list,
  notModelled,
  type Parameter,
  removedIn,
  required,
  unsettable,
} from '../wire/parameters.ts';

/** The kinds of payment methods that the sandbox can take. */
export const methodTypes = list(oneOf('card', 'sepa_debit', 'us_bank_account'));

export const shipping = unsettable(
  hash({
    address: required(address),
    carrier: text(),
    name: required(text()),
    phone: text(),
    tracking_number: text(),
  } satisfies Every<Stripe.PaymentIntentCreateParams.Shipping>),
);

/** Stripe takes `true` and `false`, and for older integrations `one_off` and `recurring`, which both mean `true`. */
const offSession: Parameter<boolean> = {
  read: (form, place) => form === 'one_off' || form === 'recurring' || boolean.read(form, place),
};

const cardOptions = hash({
  capture_method: oneOf('manual'),
  network: text(),
  request_three_d_secure: oneOf('any', 'automatic', 'challenge'),
  setup_future_usage: oneOf('none', 'off_session', 'on_session'),
  ...notModelled('installments', 'mandate_options', 'moto'),
});

const acceptance = hash({
  accepted_at: integer(),
  offline: hash({}),
  online: hash({ ip_address: required(text()), user_agent: required(text()) }),
  type: required(oneOf('offline', 'online')),
});

/** How an intent of either kind is confirmed. */
export const confirmation = {
  mandate_data: unsettable(hash({ customer_acceptance: required(acceptance) })),
  payment_method: text(),
  payment_method_data: hash(methodData),
  payment_method_options: hash({ card: cardOptions, sepa_debit: hash({}), us_bank_account: hash({}) }),
  return_url: webUrl,
  use_stripe_sdk: boolean,
  ...notModelled('confirmation_token'),
};

/** What creating and updating an intent of either kind have in common. */
export const intentParameters = {
  allowed_payment_method_types: methodTypes,
  automatic_payment_methods: hash({ allow_redirects: oneOf('always', 'never'), enabled: required(boolean) }),
  customer: text(),
  description: unsettable(text({ max: 1_000 })),
  excluded_payment_method_types: texts,
  metadata,
  payment_method_types: removedIn('2026-09-30.endive', methodTypes),
  ...notModelled('customer_account', 'on_behalf_of', 'payment_method_configuration'),
};

/** Of a payment alone. */
export const paymentParameters = {
  capture_method: oneOf('automatic', 'automatic_async', 'manual'),
  receipt_email: unsettable(email),
  setup_future_usage: unsettable(oneOf('off_session', 'on_session')),
  shipping,
  statement_descriptor: text({ max: 22 }),
  statement_descriptor_suffix: text({ max: 22 }),
  transfer_group: text(),
  ...notModelled('amount_details', 'application_fee_amount', 'hooks', 'payment_details', 'transfer_data'),
};

export const paymentConfirmation = {
  ...confirmation,
  error_on_requires_action: boolean,
  off_session: offSession,
  ...notModelled('mandate', 'radar_options'),
};

export const amount = integer({ min: 1 });
