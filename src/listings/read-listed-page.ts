import type Stripe from 'stripe';
import { isNoSuchObject } from '../stripe/stripe-trouble.ts';
import { type ListCursor, type Listed, listings, type Section } from './backfill-objects.ts';

export type ListedPage = {
  objects: Listed[];
  /** The last one of the page; null where there is no further page. */
  cursor: ListCursor | null;
  /** The second of Stripe's clock when the answer ended; 0 where it is unknown. */
  at: number;
};

const pageSize = 100;

/** Asks Stripe for the page of a section after the cursor. A test clock that is gone has no objects any more. */
export async function readListedPage(
  stripe: Stripe,
  section: Section,
  { createdAfter, cursor }: { createdAfter?: Date | null | undefined; cursor?: ListCursor | null | undefined },
): Promise<ListedPage> {
  const { list, byTestClock } = listings[section.object];
  // Under a test clock `created` is the clock's time, and says nothing of when an object was made.
  const created = createdAfter && !section.testClock ? { gt: Math.floor(createdAfter.getTime() / 1000) } : {};
  const params = { limit: pageSize, ...(section.testClock ? { test_clock: section.testClock } : {}) };
  const from = cursor ? { starting_after: cursor.id, created } : { created };
  const page = await list(stripe, { ...params, ...from }).catch((failure) => {
    const missing = isNoSuchObject(failure) ? (failure as { param?: string }).param : undefined;
    if (missing === 'test_clock') return null;
    // The object at the cursor was deleted meanwhile. Some of its second may be seen twice.
    if (missing === 'starting_after' && cursor)
      return list(stripe, { ...params, created: { ...created, lte: cursor.created } });
    throw failure;
  });
  if (!page) return { objects: [], cursor: null, at: 0 };
  const last = page.data.at(-1);
  return {
    objects: page.data.filter(({ test_clock }) => section.testClock || !byTestClock || !test_clock),
    cursor: page.has_more && last ? { id: last.id, created: last.created } : null,
    at: Math.floor(Date.parse(page.lastResponse.headers.date ?? '') / 1000) || 0,
  };
}
