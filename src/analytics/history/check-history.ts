import { badInput } from '../../errors.ts';
import { checkDay } from '../metrics/check-window.ts';
import { type Interval, intervalsOf } from '../movements/intervals.ts';

const mostDays = 4_000;
const mostIntervals = 400;
const oneDay = 86_400_000;

/** What is to be read: from the begin of the first day to the end, which is that of the last day or now. */
export type CheckedHistory = { first: string; last: string; end: Date; parts: { from: Date; to: Date }[] };

/**
 * The days that are meant, and how they are divided. Days that have not begun are left out.
 * @throws Refusal BAD_USER_INPUT where the days are none or reversed, all lie ahead, or are too many.
 */
export function checkHistory(asked: { from: string; to: string; interval: Interval }, now: Date): CheckedHistory {
  const [first, last] = [checkDay(asked.from, 'from'), checkDay(asked.to, 'to')];
  if (last < first) throw badInput('The last day is before the first one.', 'to');
  const begin = new Date(first);
  if (begin > now) throw badInput('This day has not begun.', 'from');
  const end = new Date(Math.min(Date.parse(last) + oneDay, now.getTime()));
  if (end.getTime() - begin.getTime() > mostDays * oneDay) throw badInput(`Ask for ${mostDays} days at most.`, 'to');
  const parts = intervalsOf(asked.interval, { from: begin, to: end });
  if (parts.length > mostIntervals)
    throw badInput(
      `These are more than ${mostIntervals} times a ${asked.interval}: ask for a shorter time.`,
      'interval',
    );
  return { first, last, end, parts };
}
