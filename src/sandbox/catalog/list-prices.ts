import type Stripe from 'stripe';
import { operation } from '../wire/operation.ts';
import { boolean, currency, oneOf, page, text, timeRange } from '../wire/parameter-kinds.ts';
import { type Every, hash, list } from '../wire/parameters.ts';

const parameters = {
  ...page,
  active: boolean,
  created: timeRange,
  currency,
  lookup_keys: list(text(), { max: 10 }),
  product: text(),
  recurring: hash({
    interval: oneOf('day', 'week', 'month', 'year'),
    meter: text(),
    usage_type: oneOf('licensed', 'metered'),
  }),
  type: oneOf('one_time', 'recurring'),
} satisfies Every<Stripe.PriceListParams>;

export const listPrices = operation(parameters, (tx, input) =>
  tx.list('price', '/v1/prices', input, {
    active: input.active,
    currency: input.currency,
    lookup_key: input.lookup_keys,
    product: input.product,
    'recurring.interval': input.recurring?.interval,
    'recurring.meter': input.recurring?.meter,
    'recurring.usage_type': input.recurring?.usage_type,
    type: input.type,
  }),
);
