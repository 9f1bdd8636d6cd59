import type Stripe from 'stripe';
import { Refusal, type RefusalDetails } from '../errors.ts';

/** What to do, by Stripe's word. See https://docs.stripe.com/declines/codes */
const advice: Record<string, string> = {
  authentication_required: "The payer's bank wants a confirmation. Let the payer confirm the payment in the browser.",
  expired_card: 'The card has expired. Ask for another one.',
  insufficient_funds: 'There is not enough money on the card. Ask for another payment method, or try again later.',
  incorrect_cvc: 'The security code of the card is wrong. Let the payer type it again.',
  incorrect_number: 'The number of the card is wrong. Let the payer type it again.',
  incorrect_zip: 'The postal code does not fit the card. Let the payer type it again.',
  invalid_expiry_month: "The card's month of expiry is wrong. Let the payer type it again.",
  invalid_expiry_year: "The card's year of expiry is wrong. Let the payer type it again.",
  processing_error: 'The card could not be processed. Try again in a moment, or ask for another payment method.',
  card_not_supported: 'The card cannot be used for this kind of payment. Ask for another one.',
  currency_not_supported: 'The card cannot be charged in this currency. Ask for another one.',
  card_velocity_exceeded: 'The card has reached its limit. Ask for another payment method, or try again later.',
  withdrawal_count_limit_exceeded:
    'The card has reached its limit. Ask for another payment method, or try again later.',
};

/** The same thing in other words of Stripe's. */
const synonyms: Record<string, string> = {
  payment_intent_authentication_failure: 'authentication_required',
  payment_intent_action_required: 'authentication_required',
  invoice_payment_intent_requires_action: 'authentication_required',
  subscription_payment_intent_requires_action: 'authentication_required',
  setup_intent_authentication_failure: 'authentication_required',
  invalid_cvc: 'incorrect_cvc',
  invalid_number: 'incorrect_number',
  issuer_not_available: 'processing_error',
  reenter_transaction: 'processing_error',
  try_again_later: 'processing_error',
};

/** Stripe asks not to tell these to whoever pays: a thief would learn what the bank knows. */
const secret = new Set([
  'fraudulent',
  'lost_card',
  'merchant_blacklist',
  'pickup_card',
  'restricted_card',
  'stolen_card',
]);

/** The refusal of a card, or another payment method, that its bank declined. */
export function declinedCard(
  { code, decline_code }: Stripe.errors.StripeError,
  details: Pick<RefusalDetails, 'stripeCode' | 'stripeRequestId'>,
): Refusal {
  const word = decline_code || (code === 'card_declined' || !code ? 'generic_decline' : code);
  const declineCode = secret.has(word) ? 'generic_decline' : word;
  const reason = synonyms[declineCode] ?? synonyms[code ?? ''] ?? declineCode;
  const message =
    advice[reason] ??
    "The payer's bank declined the payment. Ask for another payment method, or let the payer ask the bank.";
  return new Refusal('CARD_DECLINED', message, {
    ...details,
    declineCode,
    ...(reason === 'processing_error' && { retryable: true }),
  });
}
