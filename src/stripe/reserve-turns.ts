import type { EntityManager } from '@mikro-orm/core';
import { runStatement } from '../database/run-statement.ts';

/** Turns of one connection, one after the other: the first one in `wait` milliseconds, then one each `gap`. */
export type Turns = { wait: number; gap: number };

/** So many of a second's turns are reserved together, and kept for whoever comes after a pause: a tenth. */
export const turnsTogether = (perSecond: number) => Math.max(1, Math.floor(perSecond / 10));

/** What Stripe limits by itself: everything, or meter events of live accounts. */
export type Limited = 'everything' | 'usage';

const columnOf = { everything: 'free_at', usage: 'usage_free_at' } as const;

const statement = (freeAt: string) => `
  insert into stripe_budget as budget (connection_id, ${freeAt})
  values ($1, clock_timestamp() + ($2::float8 - $4::float8) / $3::float8 * interval '1 second')
  on conflict (connection_id) do update
    set ${freeAt} = greatest(budget.${freeAt}, clock_timestamp() - $4::float8 / $3::float8 * interval '1 second') + $2::float8 / $3::float8 * interval '1 second'
  returning extract(epoch from ${freeAt} - clock_timestamp())::float8 * 1000 as "end"`;

/**
 * Reserves turns to ask Stripe, for this process alone: the token bucket that all processes share, by PostgreSQL's clock. One
 * statement serves a tenth of a second, and a process that needs less leaves the rest to the others.
 */
export async function reserveTurns(
  em: EntityManager,
  { connectionId, turns, perSecond }: { connectionId: string; turns: number; perSecond: number },
  limited: Limited = 'everything',
): Promise<Turns> {
  const [row] = await runStatement<{ end: number }>(em, statement(columnOf[limited]), [
    connectionId,
    turns,
    perSecond,
    turnsTogether(perSecond),
  ]);
  const gap = 1000 / perSecond;
  return { wait: row!.end - turns * gap, gap };
}

/** The turns of every connection, as a pace needs them. */
export function sharedTurns(em: EntityManager, limited: Limited = 'everything') {
  return {
    reserve: (what: Parameters<typeof reserveTurns>[1]) => reserveTurns(em.fork(), what, limited),
    suspend: (connectionId: string, milliseconds: number) =>
      suspendTurns(em.fork(), { connectionId, milliseconds }, limited),
  };
}

/** Gives no turn to anybody for so many milliseconds: Stripe said that we ask too much. */
export async function suspendTurns(
  em: EntityManager,
  { connectionId, milliseconds }: { connectionId: string; milliseconds: number },
  limited: Limited = 'everything',
): Promise<void> {
  const freeAt = columnOf[limited];
  await runStatement(
    em,
    `update stripe_budget set ${freeAt} = greatest(${freeAt}, clock_timestamp() + $2::float8 * interval '1 millisecond')
     where connection_id = $1`,
    [connectionId, milliseconds],
  );
}
