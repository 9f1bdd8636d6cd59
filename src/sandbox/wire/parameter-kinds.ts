import { invalidRequest } from './api-error.ts';
import type { Form } from './form-body.ts';
import { hash, list, type Parameter, type Place } from './parameters.ts';

/** Text of 1 to `max` characters. */
export function text({ max = 5_000 } = {}): Parameter<string> {
  return {
    read(form, { name }) {
      const value = scalar(form, name, 'string');
      if (value.length > max) {
        const message = `Invalid string: ${value.slice(0, 20)}...${value.slice(-4)}; must be at most ${max} characters`;
        throw invalidRequest(message, name);
      }
      if (value.includes('\0')) throw invalidRequest('Invalid string: it contains a null character', name);
      return value;
    },
  };
}

/** Text that `test` accepts; otherwise `message` says what is wrong with it. */
export function textLike(test: (value: string) => boolean, message: (value: string) => string, code?: string) {
  return mapped(text(), (value, { name }) => {
    if (!test(value)) throw invalidRequest(message(value), name, code);
    return value;
  });
}

export const email = textLike(
  (value) => value.length <= 512 && /^[^\s@<>]+@[^\s@<>]+$/.test(value),
  (value) => `Invalid email address: ${value}`,
  'email_invalid',
);

/** An absolute http or https address, kept to the letter: it may hold `{CHECKOUT_SESSION_ID}`. */
export const webUrl = textLike(
  // biome-ignore lint/suspicious/noControlCharactersInRegex: URL drops them silently, a header does not
  (value) => /^https?:\/\/[^\s\x00-\x1f]+$/i.test(value) && URL.canParse(value),
  () => 'Not a valid URL',
  'url_invalid',
);

const currencies = new Set(Intl.supportedValuesOf('currency'));

export const currency = mapped(text(), (value, { name }) => {
  const code = value.toLowerCase();
  if (!currencies.has(code.toUpperCase())) {
    throw invalidRequest(`Invalid currency: ${value}. Stripe wants a three-letter ISO code, such as usd.`, name);
  }
  return code;
});

export function integer({ min = -99_999_999_999, max = 99_999_999_999 } = {}): Parameter<number> {
  return {
    read(form, { name }) {
      const value = scalar(form, name, 'integer');
      const number = Number(value);
      if (!/^[+-]?\d+$/.test(value) || !Number.isSafeInteger(number)) {
        throw invalidRequest(`Invalid integer: ${value}`, name, 'parameter_invalid_integer');
      }
      if (number < min) throw outOfRange(`This value must be greater than or equal to ${min}.`, name);
      if (number > max) throw outOfRange(`This value must be less than or equal to ${max}.`, name);
      return number;
    },
  };
}

/** Seconds since 1970, up to the year 2286. */
export const timestamp = integer({ min: 0, max: 9_999_999_999 });

export const boolean: Parameter<boolean> = {
  read(form, { name }) {
    const value = scalar(form, name, 'boolean');
    if (value !== 'true' && value !== 'false') throw invalidRequest(`Invalid boolean: ${value}`, name);
    return value === 'true';
  },
};

/** A decimal of up to twelve places, as text. */
export const decimal = textLike(
  (value) => /^-?\d{1,12}(\.\d{1,12})?$/.test(value),
  (value) => `Invalid decimal: ${value}; must be a number with at most 12 decimal places`,
  'parameter_invalid_decimal',
);

export function oneOf<const T extends string>(...options: T[]): Parameter<T> {
  return mapped(text(), (value, { name }) => {
    if ((options as string[]).includes(value)) return value as T;
    const names = options.length > 1 ? `one of ${options.slice(0, -1).join(', ')}, or ${options.at(-1)}` : options[0];
    throw invalidRequest(`Invalid ${name}: must be ${names}`, name);
  });
}

/** `created=5` or `created[gte]=5`. */
export const timeRange: Parameter<{ gt?: number; gte?: number; lt?: number; lte?: number }> = {
  read(form, place) {
    if (typeof form !== 'string') return bounds.read(form, place);
    const time = timestamp.read(form, place);
    return { gte: time, lte: time };
  },
};
const bounds = hash({ gt: timestamp, gte: timestamp, lt: timestamp, lte: timestamp });

/** `limit`, `starting_after`, `ending_before`: what every list takes. */
export const page = { limit: integer({ min: 1, max: 100 }), starting_after: text(), ending_before: text() };

export const texts = list(text());

export function mapped<A, B>(parameter: Parameter<A>, map: (value: A, place: Place) => B): Parameter<B> {
  return { read: (form, place) => map(parameter.read(form, place), place) };
}

function scalar(form: Form, name: string, kind: string): string {
  if (typeof form !== 'string') throw invalidRequest(`Invalid ${kind}: ${JSON.stringify(form)}`, name);
  if (form !== '') return form;
  throw invalidRequest(
    `You passed an empty string for '${name}'. We assume empty values are an attempt to unset a parameter; however '${name}' cannot be unset. You should remove '${name}' from your request or supply a non-empty value.`,
    name,
    'parameter_invalid_empty',
  );
}

function outOfRange(message: string, name: string) {
  return invalidRequest(message, name, 'parameter_invalid_integer');
}
