import { newId } from '../ids.ts';
import type { Stored } from '../objects.ts';
import { cardFromToken } from '../payment-methods/card-from-token.ts';
import { declineOf } from '../payment-methods/test-cards.ts';
import type { AccountTransaction } from '../store/account-transaction.ts';
import { ApiError } from '../wire/api-error.ts';

type Card = Stored<'card'>;

/**
 * Saves the card of a token with a customer in the way before payment methods: it is a `card` among the customer's sources, and a payment
 * method of the same id. The first becomes the default.
 */
export function newSource(
  tx: AccountTransaction,
  customer: Stored<'customer'>,
  token: string,
  metadata: Record<string, string> = {},
): Card {
  const id = newId('card_1');
  const method = cardFromToken(tx, token, 'source', {}, metadata, id);
  const decline = declineOf(method._sandbox.number, 'setup');
  if (decline) throw new ApiError(402, { type: 'card_error', ...decline });
  tx.update(method, { customer: customer.id });
  const { brand, checks, country, exp_month, exp_year, fingerprint, funding, last4 } = method.card!;
  const card = tx.add<Card>({
    id,
    object: 'card',
    address_city: null,
    address_country: null,
    address_line1: null,
    address_line1_check: null,
    address_line2: null,
    address_state: null,
    address_zip: null,
    address_zip_check: null,
    brand: brands[brand] ?? brand,
    country,
    customer: customer.id,
    cvc_check: checks?.cvc_check ?? null,
    dynamic_last4: null,
    exp_month,
    exp_year,
    fingerprint,
    funding,
    last4,
    metadata,
    name: null,
    regulated_status: 'unregulated',
    tokenization_method: null,
  });
  return card;
}

/** Cards spell their brands otherwise than payment methods do. */
const brands: Record<string, string> = {
  amex: 'American Express',
  diners: 'Diners Club',
  discover: 'Discover',
  jcb: 'JCB',
  mastercard: 'MasterCard',
  unionpay: 'UnionPay',
  visa: 'Visa',
};
