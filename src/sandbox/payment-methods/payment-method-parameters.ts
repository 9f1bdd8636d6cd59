import type Stripe from 'stripe';
import { address } from '../customers/customer-parameters.ts';
import { metadata } from '../wire/metadata.ts';
import { email, integer, oneOf, text, textLike } from '../wire/parameter-kinds.ts';
import { hash, type Of, required, unsettable } from '../wire/parameters.ts';

export const billingDetails = hash({
  address,
  email: unsettable(email),
  name: unsettable(text()),
  phone: unsettable(text()),
  tax_id: text(),
} satisfies Of<Stripe.PaymentMethodCreateParams.BillingDetails>);

export const allowRedisplay = oneOf('always', 'limited', 'unspecified');

const accountNumber = textLike(
  (value) => /^\d{4,17}$/.test(value),
  () => 'Invalid bank account number: must contain only digits',
);

const iban = textLike(
  (value) => /^[A-Z]{2}\d{2}[A-Z0-9]{10,30}$/.test(value.replaceAll(' ', '')),
  (value) => `The IBAN you provided is invalid: ${value.slice(0, 6)}…`,
  'invalid_bank_account_iban',
);

/** What makes a payment method: its own request, or `payment_method_data` in another. */
export const methodData = {
  allow_redisplay: allowRedisplay,
  billing_details: billingDetails,
  card: hash({
    cvc: text({ max: 4 }),
    exp_month: integer(),
    exp_year: integer(),
    networks: hash({ preferred: text() }),
    number: text(),
    token: text(),
  } satisfies Of<Stripe.PaymentMethodCreateParams.Card>),
  metadata,
  radar_options: hash({ session: text() }),
  sepa_debit: hash({ iban: required(iban) }),
  type: required(oneOf('card', 'sepa_debit', 'us_bank_account')),
  us_bank_account: hash({
    account_holder_type: oneOf('company', 'individual'),
    account_number: required(accountNumber),
    account_type: oneOf('checking', 'savings'),
    routing_number: required(accountNumber),
  }),
} satisfies Of<Stripe.PaymentMethodCreateParams>;
