import type Stripe from 'stripe';
import { createLimiter } from '../../lanes/limiter.ts';
import { isNoSuchObject } from '../../stripe/stripe-trouble.ts';
import { type ListCursor, type Listed, type Listing, listings, type Section } from './backfill-objects.ts';

/** What one answer of Stripe's listed. */
export type ListAnswer = {
  objects: Listed[];
  /** The second of Stripe's clock when the answer ended; 0 where it is unknown. */
  at: number;
};

export type ListedPage = {
  /** One; or one or more for each owner, where Stripe lists objects by whom they belong to. */
  answers: ListAnswer[];
  /** Those owners; null where the objects themselves are listed. */
  owners: string[] | null;
  /** The last one of the page; null where there is no further page. */
  cursor: ListCursor | null;
};

const pageSize = 100;

/** Of how many owners the objects are asked for at once. */
const ownersAtOnce = 8;

/** Asks Stripe for the page of a section after the cursor. A test clock that is gone has no objects any more. */
export async function readListedPage(
  stripe: Stripe,
  section: Section,
  { createdAfter, cursor }: { createdAfter?: Date | null | undefined; cursor?: ListCursor | null | undefined },
): Promise<ListedPage> {
  const { list, listOfOwner, byTestClock } = listings[section.object];
  // Under a test clock `created` is the clock's time, and says nothing of when an object was made; nor does its owner's.
  const isDated = createdAfter && !section.testClock && !listOfOwner;
  const created = isDated ? { gt: Math.floor(createdAfter.getTime() / 1000) } : {};
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
  if (!page) return { answers: [], owners: null, cursor: null };
  const last = page.data.at(-1);
  const next = page.has_more && last ? { id: last.id, created: last.created } : null;
  const answer = answerOf(page);
  answer.objects = answer.objects.filter(({ test_clock }) => section.testClock || !byTestClock || !test_clock);
  if (!listOfOwner) return { answers: [answer], owners: null, cursor: next };

  const owners = answer.objects.map(({ id }) => id);
  const limit = createLimiter(ownersAtOnce);
  const answers = await Promise.all(owners.map((owner) => limit(() => readOwner(stripe, listOfOwner, owner))));
  const after = Math.floor((createdAfter?.getTime() ?? 0) / 1000);
  for (const one of answers.flat())
    one.objects = one.objects.filter(({ created }) => section.testClock || created > after);
  return { answers: answers.flat(), owners, cursor: next };
}

/** An owner who was deleted meanwhile has nothing. */
async function readOwner(stripe: Stripe, list: NonNullable<Listing['listOfOwner']>, owner: string) {
  const answers: ListAnswer[] = [];
  for (let after: string | undefined; ; ) {
    const page = await list(stripe, owner, { limit: pageSize, ...(after ? { starting_after: after } : {}) }).catch(
      (failure) => {
        if (isNoSuchObject(failure)) return null;
        throw failure;
      },
    );
    if (page) answers.push(answerOf(page));
    after = page?.data.at(-1)?.id;
    if (!page?.has_more || !after) return answers;
  }
}

const answerOf = ({ data, lastResponse }: Stripe.Response<Stripe.ApiList<Listed>>): ListAnswer => ({
  objects: [...data],
  at: Math.floor(Date.parse(lastResponse.headers.date ?? '') / 1000) || 0,
});
