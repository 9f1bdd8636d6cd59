import type { Decline } from './test-cards.ts';

export interface CardInput {
  number: string;
  exp_month: number;
  exp_year: number;
  cvc?: string;
}

/** What is wrong with a card's form, if anything is: its number, its expiry or its code. */
export function cardFault(card: CardInput, now: number): Decline | undefined {
  if (!/^\d{13,19}$/.test(card.number) || !passesLuhn(card.number)) {
    return { code: 'incorrect_number', message: 'Your card number is incorrect.', param: 'number' };
  }
  const today = new Date(now * 1_000);
  const thisMonth = today.getUTCFullYear() * 12 + today.getUTCMonth() + 1;
  if (!(card.exp_month >= 1 && card.exp_month <= 12)) {
    return { code: 'invalid_expiry_month', message: "Your card's expiration month is invalid.", param: 'exp_month' };
  }
  const expires = card.exp_year * 12 + card.exp_month;
  if (!(expires >= thisMonth && card.exp_year <= today.getUTCFullYear() + 50)) {
    return { code: 'invalid_expiry_year', message: "Your card's expiration year is invalid.", param: 'exp_year' };
  }
  if (card.cvc !== undefined && !/^\d{3,4}$/.test(card.cvc)) {
    return { code: 'invalid_cvc', message: "Your card's security code is invalid.", param: 'cvc' };
  }
  return undefined;
}

function passesLuhn(number: string): boolean {
  const digits = [...number].reverse().map(Number);
  const sum = digits.reduce((total, digit, index) => {
    const doubled = index % 2 ? digit * 2 : digit;
    return total + (doubled > 9 ? doubled - 9 : doubled);
  }, 0);
  return sum % 10 === 0;
}
