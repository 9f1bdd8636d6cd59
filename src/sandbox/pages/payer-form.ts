import type { Payer } from '../checkout/complete-session.ts';
import { cardFault } from '../payments/card-input.ts';
import { ApiError } from '../wire/api-error.ts';
import { email as emailParameter } from '../wire/parameter-kinds.ts';
import type { CheckoutFault } from './checkout-page.ts';

type Form = Record<string, unknown>;

/** Reads the checkout form: who pays and with which card, or what is wrong and in which field. */
export function readPayer(form: Form, asksForCard: boolean, now: number): Payer | CheckoutFault {
  const email = typed(form, 'email');
  try {
    emailParameter.read(email, { name: 'email', version: '' });
  } catch (error) {
    if (!(error instanceof ApiError)) throw error;
    return { message: 'Give an email address, such as ada@example.com.', field: 'email', email };
  }
  if (!asksForCard) return { email };
  const card = readCard(form);
  const fault = cardFault(card, now);
  if (!fault) return { email, card };
  return { message: fault.message, field: inputs[fault.param ?? ''] ?? 'number', email };
}

/** Which input holds which of Stripe's card fields. */
const inputs: Record<string, string> = {
  number: 'number',
  exp_month: 'expiry',
  exp_year: 'expiry',
  cvc: 'cvc',
};

/** The expiry may be typed `12/34`, `12 / 2034` or `1234`. */
function readCard(form: Form) {
  const expiry = /^(\d{1,2})\s*[/-]?\s*(\d{2}|\d{4})$/.exec(typed(form, 'expiry'));
  const year = Number(expiry?.[2] ?? 0);
  return {
    number: typed(form, 'number').replaceAll(/[\s-]/g, ''),
    exp_month: Number(expiry?.[1] ?? 0),
    exp_year: year < 100 ? 2_000 + year : year,
    cvc: typed(form, 'cvc'),
  };
}

function typed(form: Form, name: string): string {
  const value = form[name];
  return typeof value === 'string' ? value.trim().replaceAll('\0', '') : '';
}
