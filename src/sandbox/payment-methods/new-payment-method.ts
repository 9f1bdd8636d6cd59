import { filledAddress } from '../customers/filled-address.ts';
import type { Stored } from '../objects.ts';
import type { AccountTransaction } from '../store/account-transaction.ts';
import { ApiError } from '../wire/api-error.ts';
import { mergeMetadata } from '../wire/metadata.ts';
import { missingParameter, nested, type Values } from '../wire/parameters.ts';
import { cardFromToken } from './card-from-token.ts';
import { cardFault } from './card-input.ts';
import { newBankDebit, sepaDebit, usBankAccount } from './new-bank-debit.ts';
import { newCard } from './new-card.ts';
import type { methodData } from './payment-method-parameters.ts';

type Input = Values<typeof methodData>;

/** Adds the payment method that a request describes; `param` names the hash the description comes from. */
export function newPaymentMethod(tx: AccountTransaction, input: Input, param = ''): Stored<'payment_method'> {
  const { address, ...billing } = input.billing_details ?? {};
  const details = { ...billing, address: filledAddress(address) ?? null };
  const metadata = mergeMetadata({}, input.metadata);
  const method = ofType(tx, input, param, details, metadata);
  if (input.allow_redisplay) tx.update(method, { allow_redisplay: input.allow_redisplay });
  return method;
}

type Billing = Partial<Stored<'payment_method'>['billing_details']>;

function ofType(
  tx: AccountTransaction,
  input: Input,
  param: string,
  billing: Billing,
  metadata: Record<string, string>,
) {
  if (input.type === 'card') return card(tx, input, param, billing, metadata);
  const details =
    input.type === 'sepa_debit'
      ? input.sepa_debit && sepaDebit(tx, input.sepa_debit.iban.replaceAll(' ', ''))
      : input.us_bank_account && usBankAccount(tx, input.us_bank_account);
  if (!details) throw missingParameter(nested(param, input.type));
  const number = input.sepa_debit?.iban.replaceAll(' ', '') ?? input.us_bank_account!.account_number;
  return newBankDebit(tx, number, details, billing, metadata);
}

function card(tx: AccountTransaction, input: Input, param: string, billing: Billing, metadata: Record<string, string>) {
  const at = nested(param, 'card');
  if (!input.card) throw missingParameter(at);
  const { token, number, exp_month, exp_year, cvc } = input.card;
  if (token) return cardFromToken(tx, token, nested(at, 'token'), billing, metadata);
  if (number === undefined) throw missingParameter(nested(at, 'number'));
  if (exp_month === undefined) throw missingParameter(nested(at, 'exp_month'));
  if (exp_year === undefined) throw missingParameter(nested(at, 'exp_year'));
  const card = { number: number.replaceAll(/[ -]/g, ''), exp_month, exp_year, cvc };
  const fault = cardFault(card, tx.now);
  if (fault) throw new ApiError(402, { type: 'card_error', ...fault, param: nested(at, fault.param!) });
  return newCard(tx, card, billing, metadata);
}
