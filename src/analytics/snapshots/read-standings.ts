import type { EntityManager } from '@mikro-orm/core';
import type { Side } from '../../tenancy/teams/side.ts';
import type { Changes } from '../metrics/metrics.ts';
import { readMoved } from './read-moved.ts';
import { readSnapshots } from './snapshot-rows.ts';
import { addPayers, move, nobody, nothing, type Payers, type Standing } from './standing.ts';

/** Where each currency of a side stands at an instant. */
export type Standings = {
  /** By the codes of the currencies; what changed is what changed after `base`. */
  currencies: Map<string, Standing & { changes: Changes }>;
  everyone: Payers;
  /** The day whose snapshots were read; null where everything was made from movements. */
  base: string | null;
};

const oneDay = 86_400_000;

/** The day (UTC) that is over last at an instant. */
const dayOver = (at: Date) => new Date((Math.floor(at.getTime() / oneDay) - 1) * oneDay);

/**
 * Where a side stands at an instant: from the snapshots of the last day that is over then, and what moved since.
 * @param of.lastTrueDay the last day whose snapshots hold.
 */
export async function readStandings(
  { em }: { em: EntityManager },
  side: Side,
  { at, lastTrueDay }: { at: Date; lastTrueDay: string | null },
): Promise<Standings> {
  const over = dayOver(at);
  const day = lastTrueDay !== null && new Date(lastTrueDay) > over ? over.toISOString().slice(0, 10) : lastTrueDay;
  const stood = day === null ? [] : await readSnapshots({ em }, side, { from: day, to: day });
  const base = stood.length ? day : null;
  const from = base === null ? null : new Date(Date.parse(base) + oneDay).toISOString();
  const { moved, payers } = await readMoved({ em }, side, { from, to: at.toISOString() });
  const known = new Map(stood.map((one) => [one.currency, one]));
  const codes = [...new Set([...known.keys(), ...moved.map(({ currency }) => currency)])].sort();
  const of = <One extends { currency: string | null }>(all: One[], currency: string | null) =>
    all.filter((one) => one.currency === currency);
  return {
    base,
    everyone: addPayers(stood[0]?.everyone ?? nobody(), of(payers, null)),
    currencies: new Map(
      codes.map((currency) => [
        currency,
        move(known.get(currency) ?? nothing(), of(moved, currency), of(payers, currency)),
      ]),
    ),
  };
}
