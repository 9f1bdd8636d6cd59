import { fieldFault } from '../checkout/custom-fields.ts';
import type { Payer } from '../checkout/payer.ts';
import type { Stored } from '../objects.ts';
import { type CardInput, cardFault } from '../payment-methods/card-input.ts';
import { ApiError } from '../wire/api-error.ts';
import { email as emailParameter } from '../wire/parameter-kinds.ts';
import type { CheckoutFault } from './checkout-page.ts';
import type { FormFault } from './form-field.ts';

/** A page's form as it came in. */
export type Form = Record<string, unknown>;
type Session = Stored<'checkout.session'>;

/** Reads the checkout form: who pays and with what, or what is wrong and in which field. */
export function readPayer(form: Form, session: Session, asksForMethod: boolean, now: number): Payer | CheckoutFault {
  const email = typed(form, 'email');
  const wrong = (field: string, message: string): CheckoutFault => ({ message, field, typed: form });
  if (!isEmail(email)) return wrong('email', 'Give an email address, such as ada@example.com.');
  for (const { name, message, isWanted } of questions(session)) {
    if (isWanted && !typed(form, name)) return wrong(name, message);
  }
  const fields: Record<string, string> = {};
  for (const field of session.custom_fields) {
    const value = typed(form, `custom_${field.key}`);
    const fault = fieldFault(field, value);
    if (fault) return wrong(`custom_${field.key}`, fault);
    if (value) fields[field.key] = value;
  }
  const payer: Payer = {
    email,
    name: typed(form, 'name') || undefined,
    phone: typed(form, 'phone') || undefined,
    address: address(form),
    fields,
    consent: { promotions: form.promotions === 'on', terms: form.terms === 'on' },
  };
  if (!asksForMethod) return payer;
  const iban = typed(form, 'iban').replaceAll(' ', '').toUpperCase();
  if (iban || !session.payment_method_types.includes('card')) {
    if (/^[A-Z]{2}\d{2}[A-Z0-9]{10,30}$/.test(iban)) return { ...payer, iban };
    return wrong('iban', 'Give an IBAN, such as AT61 1904 3002 3457 3201.');
  }
  const card = readCard(form, now);
  return 'message' in card ? { ...card, typed: form } : { ...payer, card };
}

/** What a session asks besides the card, and what to say where the answer is missing. */
function questions({ billing_address_collection, consent_collection, phone_number_collection }: Session) {
  const wantsAddress = billing_address_collection === 'required';
  return [
    { name: 'name', isWanted: wantsAddress, message: 'Give your name.' },
    { name: 'line1', isWanted: wantsAddress, message: 'Give the street and the number.' },
    { name: 'postal_code', isWanted: wantsAddress, message: 'Give the postal code.' },
    { name: 'city', isWanted: wantsAddress, message: 'Give the city.' },
    { name: 'country', isWanted: wantsAddress, message: 'Give the country, such as AT.' },
    { name: 'phone', isWanted: phone_number_collection?.enabled, message: 'Give a phone number.' },
    {
      name: 'terms',
      isWanted: consent_collection?.terms_of_service === 'required',
      message: 'Accept the terms of service to go on.',
    },
  ];
}

function address(form: Form): Payer['address'] {
  const lines = { city: '', country: '', line1: '', line2: '', postal_code: '', state: '' };
  const given = Object.keys(lines).map((name) => [name, typed(form, name) || null]);
  return given.some(([, value]) => value) ? Object.fromEntries(given) : undefined;
}

function isEmail(text: string): boolean {
  try {
    emailParameter.read(text, { name: 'email', version: '' });
    return true;
  } catch (error) {
    if (error instanceof ApiError) return false;
    throw error;
  }
}

/** Which input holds which of Stripe's card fields. */
const inputs: Record<string, string> = {
  number: 'number',
  exp_month: 'expiry',
  exp_year: 'expiry',
  cvc: 'cvc',
};

/** The card that was typed, or what is wrong with it. The expiry may be `12/34`, `12 / 2034` or `1234`. */
export function readCard(form: Form, now: number): CardInput | FormFault {
  const expiry = /^(\d{1,2})\s*[/-]?\s*(\d{2}|\d{4})$/.exec(typed(form, 'expiry'));
  const year = Number(expiry?.[2] ?? 0);
  const card = {
    number: typed(form, 'number').replaceAll(/[\s-]/g, ''),
    exp_month: Number(expiry?.[1] ?? 0),
    exp_year: year < 100 ? 2_000 + year : year,
    cvc: typed(form, 'cvc'),
  };
  const fault = cardFault(card, now);
  return fault ? { message: fault.message, field: inputs[fault.param ?? ''] ?? 'number' } : card;
}

/** What a page's inputs can send: names with one text each. */
export function typedFields(body: unknown): Form {
  return Object.fromEntries(Object.entries(body ?? {}).filter(([, value]) => typeof value === 'string'));
}

/** What was typed into an input, without what surrounds it. */
export function typed(form: Form, name: string): string {
  const value = form[name];
  return typeof value === 'string' ? value.trim().replaceAll('\0', '').slice(0, 1_000) : '';
}
