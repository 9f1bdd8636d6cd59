import { boolean, integer, oneOf, text, textLike } from '../wire/parameter-kinds.ts';
import { hash, list, notModelled, required, unsettable } from '../wire/parameters.ts';

const key = textLike(
  (value) => /^[a-z0-9_-]{1,200}$/i.test(value),
  () => 'Invalid key: it may contain only letters, digits, dashes and underscores',
);

const bounds = hash({
  default_value: text({ max: 255 }),
  maximum_length: integer({ min: 1, max: 255 }),
  minimum_length: integer({ min: 0, max: 255 }),
});

const option = hash({ label: required(text({ max: 100 })), value: required(key) });

/** Up to three inputs of the merchant's own on the page. */
export const customFields = list(
  hash({
    dropdown: hash({ default_value: text(), options: required(list(option, { max: 200 })) }),
    key: required(key),
    label: required(hash({ custom: required(text({ max: 50 })), type: required(oneOf('custom')) })),
    numeric: bounds,
    optional: boolean,
    text: bounds,
    type: required(oneOf('dropdown', 'numeric', 'text')),
  }),
  { max: 3 },
);

const message = unsettable(hash({ message: required(text({ max: 1_200 })) }));

export const customText = hash({
  after_submit: message,
  submit: message,
  terms_of_service_acceptance: message,
  ...notModelled('shipping_address'),
});
