import type Stripe from 'stripe';
import { filledAddress } from '../customers/filled-address.ts';
import type { Stored } from '../objects.ts';
import { cardFromToken } from '../payment-methods/card-from-token.ts';
import { declineOf } from '../payment-methods/test-cards.ts';
import { refuseOddAmount } from '../payments/chargeable-amount.ts';
import { amount, shipping } from '../payments/intent-parameters.ts';
import type { AccountTransaction } from '../store/account-transaction.ts';
import { ApiError, invalidRequest } from '../wire/api-error.ts';
import { mergeMetadata, metadata } from '../wire/metadata.ts';
import { operation } from '../wire/operation.ts';
import { boolean, currency, email, text } from '../wire/parameter-kinds.ts';
import { type Every, missingParameter, notModelled, required } from '../wire/parameters.ts';
import { authorizeCharge, declineCharge, succeedCharge } from './decide-charge.ts';
import { newCharge } from './new-charge.ts';

const parameters = {
  amount: required(amount),
  capture: boolean,
  currency: required(currency),
  customer: text(),
  description: text({ max: 1_000 }),
  metadata,
  receipt_email: email,
  shipping,
  source: text(),
  statement_descriptor: text({ max: 22 }),
  statement_descriptor_suffix: text({ max: 22 }),
  transfer_group: text(),
  ...notModelled(
    'application_fee',
    'application_fee_amount',
    'destination',
    'on_behalf_of',
    'radar_options',
    'transfer_data',
  ),
} satisfies Every<Stripe.ChargeCreateParams>;

/** The older way to take a payment, without an intent: from a token, or from a customer's source. */
export const createCharge = operation(parameters, async (tx, { capture = true, source, shipping, ...input }) => {
  refuseOddAmount(input.amount, input.currency);
  const customer = input.customer ? await tx.refer('customer', input.customer, 'customer') : undefined;
  const method = await charged(tx, source, customer);
  const { customer: _id, metadata, ...given } = input;
  const charge = newCharge(tx, method, {
    ...given,
    customer: customer?.id ?? null,
    metadata: mergeMetadata({}, metadata),
    ...(shipping && {
      shipping: { ...shipping, address: filledAddress(shipping.address)! } as Stored<'charge'>['shipping'],
    }),
  });
  const decline = declineOf(method._sandbox.number, 'charge');
  if (decline) {
    declineCharge(tx, charge, decline);
    throw new ApiError(402, { type: 'card_error', ...decline, charge: charge.id }, true);
  }
  if (capture) succeedCharge(tx, charge, method);
  else authorizeCharge(tx, charge);
  return charge;
});

async function charged(
  tx: AccountTransaction,
  source: string | undefined,
  customer: Stored<'customer'> | undefined,
): Promise<Stored<'payment_method'>> {
  if (source?.startsWith('tok_')) return cardFromToken(tx, source, 'source');
  const id = source ?? customer?.default_source;
  if (!id && !customer) throw missingParameter('source');
  if (!id) throw invalidRequest('Cannot charge a customer that has no active card', 'customer', 'missing');
  const method = await tx.refer('payment_method', id, 'source');
  if (customer && method.customer === customer.id) return method;
  throw invalidRequest(`The source ${id} does not belong to the customer of this charge.`, 'source');
}
