import type Stripe from 'stripe';
import { operation } from '../wire/operation.ts';
import { integer, mapped, text, textLike } from '../wire/parameter-kinds.ts';
import { type Every, hash, list } from '../wire/parameters.ts';
import { isKept } from './list-events.ts';

/** ISO 8601, as the v2 API writes and reads its times. Answers the second that it falls into. */
const instant = mapped(
  textLike(
    (value) =>
      /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?(Z|[+-]\d\d:\d\d)$/.test(value) && !Number.isNaN(Date.parse(value)),
    (value) => `Invalid timestamp: ${value}; must be an ISO 8601 timestamp, such as 2026-01-31T00:00:00.000Z`,
  ),
  (value) => Math.floor(Date.parse(value) / 1_000),
);

const parameters = {
  created: hash({ gt: instant, gte: instant, lt: instant, lte: instant }),
  limit: integer({ min: 1, max: 100 }),
  object_id: text(),
  types: list(text(), { max: 20 }),
} satisfies Every<Stripe.V2.Core.EventListParams>;

const path = '/v2/core/events';

/** The thin events of the last thirty days, newest first; `page` of the next one is the id of the last that was shown. */
export const listThinEvents = operation({ ...parameters, page: text() }, async (tx, input) => {
  const { created, limit = 20, object_id, types, page } = input;
  const where = { type: types, 'related_object.id': object_id };
  const bounds = { created, limit, ...(page ? { starting_after: page } : {}) };
  const { data, has_more } = await tx.list('v2.core.event', path, bounds, where, isKept);
  if (!has_more) return { data, next_page_url: null, previous_page_url: null };
  const again = new URLSearchParams({ limit: String(limit), page: data.at(-1)!.id });
  if (object_id) again.set('object_id', object_id);
  for (const type of types ?? []) again.append('types[]', type);
  for (const [bound, second] of Object.entries(created ?? {}))
    again.set(`created[${bound}]`, new Date(second * 1_000).toISOString());
  return { data, next_page_url: `${path}?${again}`, previous_page_url: null };
});
