import type Stripe from 'stripe';
import { operation } from '../wire/operation.ts';
import { boolean, page, texts, timeRange } from '../wire/parameter-kinds.ts';
import type { Of } from '../wire/parameters.ts';

const parameters = { ...page, active: boolean, created: timeRange, ids: texts } satisfies Of<Stripe.ProductListParams>;

export const listProducts = operation(parameters, (tx, input) =>
  tx.list('product', '/v1/products', input, { active: input.active, id: input.ids }),
);
