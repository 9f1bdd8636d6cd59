import { badInput } from '../errors.ts';

export type PageArgs = { first?: number | null; after?: string | null; last?: number | null; before?: string | null };

/** What to read of a list: `size` rows from one end of what lies between two places. */
export type Page = { size: number; backwards: boolean; after: Place; before: Place };

/** A place in a list that is ordered by `createdAt` (PostgreSQL's text: a Date would lose the microseconds) and `id`. */
export type Place = { createdAt: string; id: string };

/** The largest page there is. Statements name it as a constant: see print.ts. */
export const mostRows = 100;
const rowsByDefault = 50;

const front: Place = { createdAt: '-infinity', id: '' };
const back: Place = { createdAt: 'infinity', id: '' };

/**
 * @param path where the list stands, for the refusal: `` or `subscriptions.`.
 * @throws Refusal BAD_USER_INPUT with the argument that is wrong.
 */
export function pageOf({ first, after, last, before }: PageArgs, path = ''): Page {
  if (first != null && last != null) throw badInput('Give `first` or `last`, not both.', `${path}last`);
  const [argument, size] = last != null ? ['last', last] : ['first', first ?? rowsByDefault];
  if (!(size >= 1 && size <= mostRows))
    throw badInput(`\`${argument}\` is how many to answer: give a number from 1 to ${mostRows}.`, path + argument);
  return {
    size,
    backwards: last != null,
    after: after == null ? front : placeOf(after, `${path}after`),
    before: before == null ? back : placeOf(before, `${path}before`),
  };
}

export const isBounded = (place: Place) => place !== front && place !== back;

export const cursorOf = ({ createdAt, id }: Place) => Buffer.from(`${createdAt} ${id}`).toString('base64url');

const placeForm =
  /^(((?!0000)\d{4}-\d\d-\d\d) (\d\d:\d\d:\d\d)(?:\.\d{1,6})?[+-](?:0\d|1[0-4])(?::[0-5]\d){0,2}) ([\w-]{1,100})$/;

/** A cursor is the client's input: what PostgreSQL could not read is refused here. */
function placeOf(cursor: string, field: string): Place {
  const [, createdAt, date, time, id] = Buffer.from(cursor, 'base64url').toString().match(placeForm) ?? [];
  // JavaScript reads 31 February as 3 March: only an instant that comes back unchanged exists.
  const instant = new Date(`${date}T${time}Z`);
  const exists = !Number.isNaN(instant.getTime()) && instant.toISOString().startsWith(`${date}T${time}`);
  if (!createdAt || !id || !exists)
    throw badInput('This is not a cursor: give one that an edge or a `pageInfo` of the same list answered.', field);
  return { createdAt, id };
}
