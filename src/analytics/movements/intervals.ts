import type { Window } from '../metrics/check-window.ts';

/** In UTC. Weeks begin on Monday. */
export const intervals = ['DAY', 'WEEK', 'MONTH'] as const;
export type Interval = (typeof intervals)[number];

const day = 86_400_000;
/** A Monday. */
const firstMonday = Date.UTC(1970, 0, 5);

/** When the interval begins that an instant lies in. */
export function beginOf(interval: Interval, at: Date): Date {
  const ms = at.getTime();
  if (interval === 'MONTH') return monthOf(at, 0);
  const since = interval === 'WEEK' ? firstMonday : 0;
  const length = interval === 'WEEK' ? 7 * day : day;
  return new Date(Math.floor((ms - since) / length) * length + since);
}

function endOf(interval: Interval, begin: Date): Date {
  if (interval === 'MONTH') return monthOf(begin, 1);
  return new Date(begin.getTime() + (interval === 'WEEK' ? 7 : 1) * day);
}

/** Set, and not made of its parts: of the years 0 to 99 `Date.UTC` makes those of the twentieth century. */
const monthOf = (at: Date, later: number) =>
  new Date(new Date(0).setUTCFullYear(at.getUTCFullYear(), at.getUTCMonth() + later, 1));

/** The intervals of a window, cut where it begins and ends; each with when it would begin uncut. */
export function intervalsOf(interval: Interval, { from, to }: Window): (Window & { begin: Date })[] {
  const all: (Window & { begin: Date })[] = [];
  for (let begin = beginOf(interval, from); begin < to; begin = endOf(interval, begin)) {
    const end = endOf(interval, begin);
    all.push({ begin, from: begin < from ? from : begin, to: end > to ? to : end });
  }
  return all;
}
