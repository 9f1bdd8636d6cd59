import type { EntityManager } from '@mikro-orm/core';
import type { Side } from '../../tenancy/teams/side.ts';
import type { Changes } from '../metrics/metrics.ts';
import { readMoved } from './read-moved.ts';
import { addPayers, move, nobody, nothing, type Payers, type Standing } from './standing.ts';

/** A day (UTC) of one currency: what moved, and where it stood at its end. `everyone` counts customers of all currencies. */
export type RevenueDay = Standing & { currency: string; day: string; changes: Changes; everyone: Payers };

const oneDay = 86_400_000;

/**
 * Every day from the first that is asked for to the last, of each currency that ever moved, made from movements.
 * @param of.from the first day; the first one on which anything moved, where `since` is null.
 * @param of.to an instant: what moved at it or later is left out. The day that it lies in is the last.
 * @param of.since where each currency stood at the end of the day before `from`; null where all movements are to be read.
 */
export async function daysOfMovements(
  { em }: { em: EntityManager },
  side: Side,
  of: { from: string; to: Date; since: Map<string, RevenueDay> } | { from: null; to: Date; since: null },
): Promise<RevenueDay[]> {
  const { moved, payers } = await readMoved({ em }, side, { from: of.from, to: of.to.toISOString() });
  const first = of.from ?? moved.map(({ day }) => day).sort()[0];
  if (first === undefined) return [];
  const days = daysBetween(first, of.to);
  const payersOf = (currency: string | null) =>
    Map.groupBy(
      payers.filter((one) => one.currency === currency),
      ({ day }) => day,
    );
  const everyoneOn = new Map<string, Payers>();
  let everyone: Payers = [...(of.since?.values() ?? [])][0]?.everyone ?? nobody();
  const moreOn = payersOf(null);
  for (const day of days) {
    everyone = addPayers(everyone, moreOn.get(day) ?? []);
    everyoneOn.set(day, everyone);
  }
  const currencies = new Set([...(of.since?.keys() ?? []), ...moved.map(({ currency }) => currency)]);
  return [...currencies].sort().flatMap((currency) => {
    const movedOn = Map.groupBy(
      moved.filter((one) => one.currency === currency),
      ({ day }) => day,
    );
    const payersOn = payersOf(currency);
    const known = of.since?.get(currency);
    // A currency's first day is that of its first movement, from wherever days are made.
    const own = known ? days : days.filter((day) => day >= [...movedOn.keys()].sort()[0]!);
    let standing: Standing = known ?? nothing();
    return own.map((day) => {
      const { changes, ...after } = move(standing, movedOn.get(day) ?? [], payersOn.get(day) ?? []);
      standing = after;
      return { currency, day, changes, ...after, everyone: everyoneOn.get(day)! };
    });
  });
}

/** Every day from the first to that in which the last moment before an instant lies. */
function daysBetween(first: string, to: Date): string[] {
  const days: string[] = [];
  for (let at = Date.parse(first); at < to.getTime(); at += oneDay) days.push(new Date(at).toISOString().slice(0, 10));
  return days;
}
