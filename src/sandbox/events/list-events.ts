import type Stripe from 'stripe';
import { invalidRequest } from '../wire/api-error.ts';
import { operation } from '../wire/operation.ts';
import { page, text, timeRange } from '../wire/parameter-kinds.ts';
import { list, type Of } from '../wire/parameters.ts';

const parameters = {
  ...page,
  created: timeRange,
  type: text(),
  types: list(text(), { max: 20 }),
} satisfies Of<Stripe.EventListParams>;

export const listEvents = operation(parameters, (tx, { type, types, ...input }) => {
  if (type && types) throw invalidRequest('You may only specify one of these parameters: type, types.', 'types');
  return tx.list('event', '/v1/events', input, { type: type ?? types });
});
