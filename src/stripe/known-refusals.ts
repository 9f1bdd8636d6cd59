import type Stripe from 'stripe';
import type { ErrorCode } from '../errors.ts';

type Known = {
  /** Stripe's codes, or how Stripe's message begins or reads where it gives no code. */
  codes?: readonly string[];
  says?: RegExp;
  /** Stripe's parameter that it must be about. */
  about?: RegExp;
  code: ErrorCode;
  message: string;
  /** Where Stripe names no parameter, and the call's input has it. */
  field?: string;
};

/** What a person can cause, in the order in which it is looked for: the special before the general. */
const refusals: readonly Known[] = [
  {
    codes: ['resource_already_exists'],
    about: /lookup_key$/,
    code: 'CONFLICT',
    message: 'Another price has this lookup key. Choose another one, or set transferLookupKey to move it here.',
  },
  {
    codes: ['resource_already_exists'],
    code: 'CONFLICT',
    message: 'Stripe has one with this name already. Choose another one.',
  },
  {
    says: /default price of its product/,
    code: 'CONFLICT',
    message:
      'This is the default price of its product in Stripe. Make another one the default first: changePriceAmount does, and so does the dashboard.',
    field: 'priceId',
  },
  {
    codes: ['coupon_expired'],
    says: /^(No such (promotion.code|coupon)|Coupon expired|(This|The) (promotion code|coupon) )/i,
    code: 'BAD_USER_INPUT',
    message:
      'This code cannot be redeemed: there is none, it has expired or is used up, or it is not for this purchase or customer. Use another one.',
    field: 'promotionCode',
  },
  {
    codes: ['missing'],
    says: /no attached payment source|no `?default_payment_method|no active card/i,
    code: 'CONFLICT',
    message:
      'The customer has nothing to pay with. Save a payment method first (a checkout in mode SETUP does), and make it the default.',
  },
  {
    codes: ['resource_missing'],
    says: /^No such /,
    code: 'NOT_FOUND',
    message:
      'Stripe does not have what this names any more: it was deleted there, or the connection is to another account.',
  },
  {
    says: /does not have a payment method with the ID|is not attached to a customer/,
    code: 'NOT_FOUND',
    message: 'The customer does not have this payment method any more. Use another one, or save it anew.',
    field: 'paymentMethodId',
  },
  {
    codes: ['product_inactive'],
    says: /(price|product) .*(inactive|not active)|only accepts active prices/i,
    code: 'BAD_USER_INPUT',
    message:
      'This price is archived, or its product is. Use an active one, or take it up again (archivePrice with reactivate).',
  },
  {
    codes: ['payment_method_currency_mismatch'],
    says: /combine currencies|same currency|expected currency|customer currency|invalid with a currency/i,
    code: 'BAD_USER_INPUT',
    message:
      'The currencies do not go together: all prices of a subscription or checkout, and all live subscriptions of a customer, are in one currency. Use a price in that currency, or another customer.',
  },
  {
    says: /type=(recurring|one_time)|passed a recurring price|at least one recurring price/,
    code: 'BAD_USER_INPUT',
    message:
      'A recurring price stands where one that is paid once is wanted, or the other way round. Use a price of the other kind.',
  },
  {
    says: /same billing interval/,
    code: 'BAD_USER_INPUT',
    message: 'The prices are billed in different intervals. Use prices with the same one.',
  },
  {
    says: /quantity.*metered|metered.*quantity/i,
    code: 'BAD_USER_INPUT',
    message: 'What is metered has no quantity: usage says how much. Leave the quantity out.',
  },
  {
    says: /quantity/i,
    about: /quantity/,
    code: 'BAD_USER_INPUT',
    message: 'The quantity does not fit the price. Use a whole number within its rules.',
  },
  {
    about: /quantity\]?$/,
    codes: ['parameter_invalid_integer'],
    code: 'BAD_USER_INPUT',
    message: 'The quantity does not fit the price. Use a whole number within its rules.',
  },
  {
    codes: ['amount_too_small'],
    code: 'BAD_USER_INPUT',
    message:
      'The amount is below the smallest that can be charged in this currency: about half a US dollar. Use a larger one.',
    field: 'amount',
  },
  {
    codes: ['amount_too_large', 'charge_exceeds_transaction_limit', 'charge_exceeds_source_limit'],
    code: 'BAD_USER_INPUT',
    message: 'The amount is above the largest that can be charged. Use a smaller one, or several payments.',
    field: 'amount',
  },
  {
    says: /greater than (the )?(unrefunded|remaining) amount|greater than (unrefunded )?amount on charge/i,
    code: 'BAD_USER_INPUT',
    message:
      'This is more than is left of the payment after earlier refunds. Ask for less, or leave the amount out to give back the rest.',
    field: 'amount',
  },
  {
    codes: ['charge_already_refunded'],
    code: 'CONFLICT',
    message: 'All of this payment was given back already.',
  },
  {
    codes: ['charge_disputed', 'refund_disputed_payment'],
    code: 'CONFLICT',
    message:
      'The payer disputes this payment at the bank, which decides who has the money: it cannot be refunded beside that.',
  },
  {
    codes: ['charge_not_refundable'],
    says: /does not have a successful charge to refund|nothing to refund/,
    code: 'CONFLICT',
    message: 'Nothing was taken with this payment that could be given back. Cancel it instead.',
  },
  {
    codes: ['invalid_canceled_subscription_fields'],
    says: /canceled subscription|subscription (has been|is|was) (already )?canceled/i,
    code: 'CONFLICT',
    message: 'This subscription has ended, and can change no more. Begin a new one.',
  },
  {
    codes: ['customer_max_subscriptions', 'customer_max_payment_methods'],
    code: 'CONFLICT',
    message: 'The customer has as many as Stripe allows. Remove one first.',
  },
  {
    says: /^You cannot cancel this PaymentIntent because it (was created by|belongs to)/,
    code: 'CONFLICT',
    message: 'This payment belongs to a checkout or an invoice. Expire that checkout, or void that invoice, instead.',
  },
  {
    codes: [
      'payment_intent_unexpected_state',
      'setup_intent_unexpected_state',
      'intent_invalid_state',
      'status_transition_invalid',
    ],
    code: 'CONFLICT',
    message: 'In its present state this cannot be done. Read its status again, and decide by that.',
  },
  {
    codes: ['invoice_not_editable', 'charge_already_captured'],
    says: /^Invoice is already paid|invoice is (no longer a draft|already finalized)/i,
    code: 'CONFLICT',
    message: 'The invoice or charge is settled, and cannot change any more.',
  },
  {
    codes: [
      'customer_tax_location_invalid',
      'invalid_tax_location',
      'postal_code_invalid',
      'state_unsupported',
      'country_unsupported',
      'country_code_invalid',
    ],
    code: 'BAD_USER_INPUT',
    message:
      'Stripe cannot find out where the customer is taxed. Give the customer an address with a country, and a postal code where there is one.',
  },
  {
    codes: ['tax_id_invalid'],
    code: 'BAD_USER_INPUT',
    message: 'This is no tax id of its kind. Look at how it is written.',
  },
  {
    codes: ['email_invalid'],
    says: /^Invalid email address/,
    code: 'BAD_USER_INPUT',
    message: 'Stripe does not take this email address. Write it as name@example.com.',
  },
  {
    codes: ['url_invalid'],
    says: /^Not a valid URL/,
    code: 'BAD_USER_INPUT',
    message: 'Stripe does not take this URL. Write an absolute one, such as https://example.com/done.',
  },
];

/**
 * Which of the refusals that a person can cause it is; null for one that only we, or the account's settings, can have caused.
 * Stripe gives many of them no code: those are known by their words.
 */
export function knownRefusal(failure: Stripe.errors.StripeError): Pick<Known, 'code' | 'message' | 'field'> | null {
  const { code = '', message, param = '' } = failure;
  const fits = ({ codes, says, about }: Known) =>
    (codes?.includes(code) || says?.test(message)) && (!about || about.test(param));
  return refusals.find(fits) ?? null;
}
