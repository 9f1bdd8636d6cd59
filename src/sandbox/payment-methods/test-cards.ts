/** How a card refuses, in Stripe's words. */
export interface Decline {
  code: string;
  decline_code?: string;
  message: string;
  param?: string;
}

/** A card of https://docs.stripe.com/testing and what it does. */
export interface TestCard {
  brand: 'visa' | 'mastercard' | 'amex' | 'discover' | 'diners' | 'jcb' | 'unionpay';
  funding?: 'credit' | 'debit' | 'prepaid';
  decline?: Decline;
  /** Can be saved, and declines only when it is charged. */
  attaches?: boolean;
  /**
   * When the bank wants to see the payer: at each payment, until the card was set up for later, only while the payer is there
   * (it is set up already), or when the merchant asks for it.
   */
  authentication?: 'always' | 'until_set_up' | 'on_session' | 'if_requested';
  /** What the payer's bank says once the card was charged. */
  dispute?: 'fraudulent' | 'product_not_received' | 'inquiry';
  refund?: 'pending' | 'fails';
}

function declined(decline_code: string, message = 'Your card was declined.'): Decline {
  return { code: 'card_declined', decline_code, message };
}

const insufficientFunds = declined('insufficient_funds', 'Your card has insufficient funds.');
const processingError: Decline = {
  code: 'processing_error',
  message: 'An error occurred while processing your card. Try again in a little bit.',
};
const incorrectCvc: Decline = {
  code: 'incorrect_cvc',
  message: "Your card's security code is incorrect.",
  param: 'cvc',
};

const testCards: Record<string, TestCard> = {
  '4242424242424242': { brand: 'visa' },
  '4000056655665556': { brand: 'visa', funding: 'debit' },
  '5555555555554444': { brand: 'mastercard' },
  '2223003122003222': { brand: 'mastercard' },
  '5200828282828210': { brand: 'mastercard', funding: 'debit' },
  '5105105105105100': { brand: 'mastercard', funding: 'prepaid' },
  '378282246310005': { brand: 'amex' },
  '371449635398431': { brand: 'amex' },
  '6011111111111117': { brand: 'discover' },
  '3056930009020004': { brand: 'diners' },
  '3566002020360505': { brand: 'jcb' },
  '6200000000000005': { brand: 'unionpay' },
  '4000000000000077': { brand: 'visa' },
  '4000000000003055': { brand: 'visa', authentication: 'if_requested' },
  '4000000000000341': { brand: 'visa', attaches: true, decline: declined('generic_decline') },
  '4000000000000002': { brand: 'visa', decline: declined('generic_decline') },
  '4000000000009995': { brand: 'visa', decline: insufficientFunds },
  '4000000000009987': { brand: 'visa', decline: declined('lost_card') },
  '4000000000009979': { brand: 'visa', decline: declined('stolen_card') },
  '4000000000006975': { brand: 'visa', decline: declined('card_velocity_exceeded') },
  '4100000000000019': { brand: 'visa', decline: declined('fraudulent') },
  '4000000000000069': {
    brand: 'visa',
    decline: { code: 'expired_card', message: 'Your card has expired.', param: 'exp_month' },
  },
  '4000000000000127': { brand: 'visa', decline: incorrectCvc },
  '4000000000000101': { brand: 'visa', decline: incorrectCvc },
  '4000000000000119': { brand: 'visa', decline: processingError },
  '4000002760003184': { brand: 'visa', authentication: 'always' },
  '4000000000003220': { brand: 'visa', authentication: 'always' },
  '4000000000003063': { brand: 'visa', authentication: 'always' },
  '4000002500003155': { brand: 'visa', authentication: 'until_set_up' },
  '4000003800000446': { brand: 'visa', authentication: 'on_session' },
  '4000008260003178': { brand: 'visa', authentication: 'always', decline: insufficientFunds, attaches: true },
  '4000008400001629': {
    brand: 'visa',
    authentication: 'always',
    decline: declined('generic_decline'),
    attaches: true,
  },
  '4000008400001280': { brand: 'visa', authentication: 'always', decline: processingError, attaches: true },
  '4000000000000259': { brand: 'visa', dispute: 'fraudulent' },
  '4000000000002685': { brand: 'visa', dispute: 'product_not_received' },
  '4000000000001976': { brand: 'visa', dispute: 'inquiry' },
  '4000000000007726': { brand: 'visa', refund: 'pending' },
  '4000000000005126': { brand: 'visa', refund: 'fails' },
};

/** What is known of a card's number; any other number is a card of nobody, which `declineOf` declines. */
export function testCard(number: string): TestCard {
  return testCards[number] ?? { brand: 'visa' };
}

/** Why the card cannot be saved (`setup`) or charged, if it cannot. A number that is no test card is declined as Stripe does. */
export function declineOf(number: string, purpose: 'setup' | 'charge'): Decline | undefined {
  const card = testCards[number];
  if (!card) {
    const message = 'Your card was declined. Your request was in test mode, but used a non test card.';
    return declined(
      'test_mode_live_card',
      `${message} For a list of valid test cards, visit: https://stripe.com/docs/testing.`,
    );
  }
  return purpose === 'setup' && card.attaches ? undefined : card.decline;
}
