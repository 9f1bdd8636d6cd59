import type { PageParameters } from '../store/list-page.ts';
import { resourceMissing } from './api-error.ts';

/** One page of items that an object holds itself, in their order. */
export function pageOf<T extends { id: string; object: string }>(items: T[], url: string, page: PageParameters) {
  const { limit = 10, starting_after, ending_before } = page;
  const start = starting_after ? position(items, starting_after, 'starting_after') + 1 : 0;
  const end = ending_before ? position(items, ending_before, 'ending_before') : items.length;
  const from = ending_before ? Math.max(start, end - limit) : start;
  const to = Math.min(end, from + limit);
  return {
    object: 'list' as const,
    data: items.slice(from, to),
    has_more: ending_before ? from > start : to < end,
    url,
  };
}

function position(items: { id: string; object: string }[], id: string, param: string): number {
  const found = items.findIndex((item) => item.id === id);
  if (found < 0) throw resourceMissing(items[0]?.object ?? 'item', id, param, 400);
  return found;
}
