import type Stripe from 'stripe';
import { invalidRequest } from '../wire/api-error.ts';
import { type Form } from '../wire/form-body.ts';
import { metadata } from '../wire/metadata.ts';
import { currency, integer, oneOf, text, textLike, texts, timestamp } from '../wire/parameter-kinds.ts';
import { type Every, hash, nested, type Parameter, required } from '../wire/parameters.ts';

const positive = integer({ min: 1, max: 99_999_999 });

/** More than 0 and at most 100, with up to two decimals. */
const percent: Parameter<number> = {
  read(form, place) {
    const value = Number(percentText.read(form, place));
    if (value > 0 && value <= 100) return value;
    throw invalidRequest('Invalid percent_off: must be greater than 0 and at most 100', place.name);
  },
};
const percentText = textLike(
  (value) => /^\d{1,3}(\.\d{1,2})?$/.test(value),
  (value) => `Invalid decimal: ${value}; must have at most two decimal places`,
);

const optionOfCurrency = hash({ amount_off: required(positive) });

/** `currency_options[eur][amount_off]=500` */
export const currencyOptions: Parameter<Record<string, { amount_off: number }>> = {
  read(form, place) {
    if (typeof form !== 'object' || Array.isArray(form)) throw invalidRequest('Invalid object', place.name);
    const read = ([code, option]: [string, Form]) => {
      const inside = { ...place, name: nested(place.name, code) };
      return [currency.read(code, inside), optionOfCurrency.read(option, inside)] as const;
    };
    return Object.fromEntries(Object.entries(form).map(read));
  },
};

export const couponParameters = {
  amount_off: positive,
  applies_to: hash({ products: texts }),
  currency,
  currency_options: currencyOptions,
  duration: oneOf('forever', 'once', 'repeating'),
  duration_in_months: integer({ min: 1, max: 1_200 }),
  id: text({ max: 200 }),
  max_redemptions: integer({ min: 1 }),
  metadata,
  name: text({ max: 40 }),
  percent_off: percent,
  redeem_by: timestamp,
} satisfies Every<Stripe.CouponCreateParams>;
