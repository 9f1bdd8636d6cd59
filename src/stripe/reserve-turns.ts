import type { EntityManager } from '@mikro-orm/core';
import { runStatement } from '../database/run-statement.ts';

/** Turns of one connection, one after the other: the first one in `wait` milliseconds, then one each `gap`. */
export type Turns = { wait: number; gap: number };

/** So many of a second's turns are reserved together, and kept for whoever comes after a pause: a tenth. */
export const turnsTogether = (perSecond: number) => Math.max(1, Math.floor(perSecond / 10));

const statement = `
  insert into stripe_budget as budget (connection_id, free_at)
  values ($1, clock_timestamp() + ($2::float8 - $4::float8) / $3::float8 * interval '1 second')
  on conflict (connection_id) do update
    set free_at = greatest(budget.free_at, clock_timestamp() - $4::float8 / $3::float8 * interval '1 second') + $2::float8 / $3::float8 * interval '1 second'
  returning extract(epoch from free_at - clock_timestamp())::float8 * 1000 as "end"`;

/**
 * Reserves turns to ask Stripe, for this process alone: the token bucket that all processes share, by PostgreSQL's clock. One
 * statement serves a tenth of a second, and a process that needs less leaves the rest to the others.
 */
export async function reserveTurns(
  em: EntityManager,
  { connectionId, turns, perSecond }: { connectionId: string; turns: number; perSecond: number },
): Promise<Turns> {
  const [row] = await runStatement<{ end: number }>(em, statement, [
    connectionId,
    turns,
    perSecond,
    turnsTogether(perSecond),
  ]);
  const gap = 1000 / perSecond;
  return { wait: row!.end - turns * gap, gap };
}

/** The turns of every connection, as a pace needs them. */
export function sharedTurns(em: EntityManager) {
  return {
    reserve: (what: Parameters<typeof reserveTurns>[1]) => reserveTurns(em.fork(), what),
    suspend: (connectionId: string, milliseconds: number) => suspendTurns(em.fork(), connectionId, milliseconds),
  };
}

/** Gives no turn to anybody for so many milliseconds: Stripe said that we ask too much. */
export async function suspendTurns(em: EntityManager, connectionId: string, milliseconds: number): Promise<void> {
  await runStatement(
    em,
    `update stripe_budget set free_at = greatest(free_at, clock_timestamp() + $2::float8 * interval '1 millisecond')
     where connection_id = $1`,
    [connectionId, milliseconds],
  );
}
