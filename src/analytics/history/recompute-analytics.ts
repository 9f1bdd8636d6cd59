import type { EntityManager } from '@mikro-orm/core';
import { badInput } from '../../errors.ts';
import type { Side } from '../../tenancy/teams/side.ts';
import { checkDay } from '../metrics/check-window.ts';
import { noChanges } from '../metrics/metrics.ts';
import { daysOfMovements } from '../snapshots/days-of-movements.ts';
import { lockSnapshots, readSnapshots, rowOf, type StoredDay, writeSnapshots } from '../snapshots/snapshot-rows.ts';
import { nobody, nothing } from '../snapshots/standing.ts';

/** A day whose snapshot was missing, or said something else than its movements. */
export type DifferingDay = { day: string; currency: string; before: StoredDay | null; after: StoredDay };

export type Recomputed = { days: number; differing: DifferingDay[] };

const mostDays = 4_000;

/**
 * Makes the snapshots of past days from all movements again, from the very first, and says which of them were not the same.
 * @throws Refusal BAD_USER_INPUT where the days are none, reversed, or none of them is past.
 */
export async function recomputeAnalytics(
  { em }: { em: EntityManager },
  side: Side,
  asked: { from: string; to: string },
  now: Date,
): Promise<Recomputed> {
  const [from, to] = [checkDay(asked.from, 'from'), checkDay(asked.to, 'to')];
  if (to < from) throw badInput('The last day is before the first one.', 'to');
  if (Date.parse(to) - Date.parse(from) >= mostDays * 86_400_000)
    throw badInput(`Ask for ${mostDays} days at most.`, 'to');
  const today = now.toISOString().slice(0, 10);
  if (from >= today) throw badInput('No day of these is over: snapshots are of past days.', 'from');
  await lockSnapshots(em, side);
  const made = await daysOfMovements({ em }, side, { from: null, to: new Date(today), since: null });
  const kept = await readSnapshots({ em }, side, { from: '-infinity', to: 'infinity' });
  const keyOf = ({ day, currency }: { day: string; currency: string }) => `${day} ${currency}`;
  const rows = new Map(made.map((day) => [keyOf(day), rowOf(day)]));
  const before = new Map(kept.map((day) => [keyOf(day), rowOf(day)]));
  for (const [key, { day, currency }] of before)
    if (!rows.has(key)) rows.set(key, rowOf({ day, currency, changes: noChanges(), ...nothing(), everyone: nobody() }));
  const differing = [...rows.values()]
    .map((after) => ({ day: after.day, currency: after.currency, before: before.get(keyOf(after)) ?? null, after }))
    .filter(({ before, after }) => JSON.stringify(before) !== JSON.stringify(after));
  // Days beside those that were asked for as well: whoever makes snapshots next takes all to be right that were there before.
  await writeSnapshots(
    { em },
    side,
    differing.map(({ after }) => after),
  );
  const isAsked = ({ day }: { day: string }) => day >= from && day <= to;
  const byDay = (one: DifferingDay, other: DifferingDay) => (keyOf(one) < keyOf(other) ? -1 : 1);
  const days = new Set([...rows.values()].filter(isAsked).map(({ day }) => day)).size;
  return { days, differing: differing.filter(isAsked).sort(byDay) };
}
