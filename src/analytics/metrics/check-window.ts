import { badInput } from '../../errors.ts';

/** A time, as analytics are asked for it: the last days until now, or from one instant to another. */
export type AskedWindow = { days?: number | null; from?: Date | null; to?: Date | null };

/** From an instant, which is part of it, to another, which is not. */
export type Window = { from: Date; to: Date };

export const mostDays = 400;
export const daysByDefault = 30;
const day = 86_400_000;
/** PostgreSQL has no year 0. */
const firstDay = '0001-01-01';

/**
 * The window that is meant: the last 30 days where nothing is said.
 * @throws Refusal BAD_USER_INPUT where it is said in two ways, is reversed or empty, or is longer than 400 days.
 */
export function checkWindow({ days, from, to }: AskedWindow, now: Date): Window {
  if (from == null && to == null) {
    const many = days ?? daysByDefault;
    if (many < 1 || many > mostDays) throw badInput(`A window has 1 to ${mostDays} days.`, 'window.days');
    return { from: new Date(now.getTime() - many * day), to: now };
  }
  if (days != null) throw badInput('Give `days`, or `from` and `to`, not both.', 'window.days');
  if (from == null) throw badInput('Give the begin of the window too.', 'window.from');
  if (to == null) throw badInput('Give the end of the window too.', 'window.to');
  if (from >= to) throw badInput('`from` must be earlier than `to`.', 'window.to');
  if (to.getTime() - from.getTime() > mostDays * day)
    throw badInput(`A window has at most ${mostDays} days: ask for a shorter one.`, 'window.to');
  return { from, to };
}

/** @returns the day. @throws Refusal BAD_USER_INPUT where the text is none. */
export function checkDay(text: string, field: string): string {
  const instant = /^\d{4}-\d\d-\d\d$/.test(text) ? Date.parse(`${text}T00:00:00Z`) : Number.NaN;
  if (Number.isNaN(instant) || new Date(instant).toISOString().slice(0, 10) !== text || text < firstDay)
    throw badInput('Write a day as 2026-11-21.', field);
  return text;
}
