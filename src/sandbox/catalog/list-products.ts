import type Stripe from 'stripe';
import { operation } from '../wire/operation.ts';
import { boolean, oneOf, page, text, texts, timeRange } from '../wire/parameter-kinds.ts';
import type { Every } from '../wire/parameters.ts';

const parameters = {
  ...page,
  active: boolean,
  created: timeRange,
  ids: texts,
  shippable: boolean,
  type: oneOf('good', 'service'),
  url: text(),
} satisfies Every<Stripe.ProductListParams>;

export const listProducts = operation(parameters, (tx, { ids, ...input }) => {
  const { active, shippable, type, url } = input;
  return tx.list('product', '/v1/products', input, { active, id: ids, shippable, type, url });
});
