/** How a card refuses, in Stripe's words. */
export interface Decline {
  code: string;
  decline_code?: string;
  message: string;
  param?: string;
}

interface TestCard {
  brand: 'visa' | 'mastercard' | 'amex' | 'discover' | 'diners' | 'jcb' | 'unionpay';
  funding?: 'credit' | 'debit' | 'prepaid';
  decline?: Decline;
  /** Can be saved, and declines only when it is charged. */
  attaches?: boolean;
}

const declined = (decline_code: string, message = 'Your card was declined.'): Decline => ({
  code: 'card_declined',
  decline_code,
  message,
});

/** The cards of https://docs.stripe.com/testing, by number. */
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
  '4000000000000341': { brand: 'visa', attaches: true, decline: declined('generic_decline') },
  '4000000000000002': { brand: 'visa', decline: declined('generic_decline') },
  '4000000000009995': { brand: 'visa', decline: declined('insufficient_funds', 'Your card has insufficient funds.') },
  '4000000000009987': { brand: 'visa', decline: declined('lost_card') },
  '4000000000009979': { brand: 'visa', decline: declined('stolen_card') },
  '4000000000006975': { brand: 'visa', decline: declined('card_velocity_exceeded') },
  '4000000000000069': {
    brand: 'visa',
    decline: { code: 'expired_card', message: 'Your card has expired.', param: 'exp_month' },
  },
  '4000000000000127': {
    brand: 'visa',
    decline: { code: 'incorrect_cvc', message: "Your card's security code is incorrect.", param: 'cvc' },
  },
  '4000000000000119': {
    brand: 'visa',
    decline: {
      code: 'processing_error',
      message: 'An error occurred while processing your card. Try again in a little bit.',
    },
  },
};

export function testCard(number: string): Required<Pick<TestCard, 'brand' | 'funding'>> {
  const { brand, funding = 'credit' } = testCards[number] ?? { brand: 'visa' as const };
  return { brand, funding };
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
