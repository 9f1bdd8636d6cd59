import type Stripe from 'stripe';
import { address } from '../customers/customer-parameters.ts';
import { filledAddress } from '../customers/filled-address.ts';
import { ApiError } from '../wire/api-error.ts';
import { mergeMetadata, metadata } from '../wire/metadata.ts';
import { operation } from '../wire/operation.ts';
import { email, integer, oneOf, text } from '../wire/parameter-kinds.ts';
import { hash, missingParameter, type Of, required, unsettable } from '../wire/parameters.ts';
import { cardFault } from './card-input.ts';
import { newCard } from './new-card.ts';

export const billingDetails = hash({
  address,
  email: unsettable(email),
  name: unsettable(text()),
  phone: unsettable(text()),
});

export const card = hash({
  cvc: text({ max: 4 }),
  exp_month: required(integer()),
  exp_year: required(integer()),
  number: required(text()),
});

const parameters = {
  billing_details: billingDetails,
  card,
  metadata,
  type: required(oneOf('card')),
} satisfies Of<Stripe.PaymentMethodCreateParams>;

export const createPaymentMethod = operation(parameters, async (tx, input) => {
  if (!input.card) throw missingParameter('card');
  const card = { ...input.card, number: input.card.number.replaceAll(/[ -]/g, '') };
  const fault = cardFault(card, tx.now);
  if (fault) throw new ApiError(402, { type: 'card_error', ...fault, param: `card[${fault.param}]` });
  const { address, ...billing } = input.billing_details ?? {};
  const details = { ...billing, address: filledAddress(address) ?? null };
  return newCard(tx, card, details, mergeMetadata({}, input.metadata));
});
