import type pg from 'pg';
import type { timerActions } from './timer-actions.ts';

type Database = Pick<pg.ClientBase, 'query'>;

export type TimerAction = keyof typeof timerActions;

/** Something that happens to an object later: at a time of its test clock, or of the real one where `clock` is `null`. */
export interface Timer {
  action: TimerAction;
  id: string;
  at: number;
  clock: string | null;
}

/** What one transaction sets and takes back; an object has one timer for each action. */
export class TimerChanges {
  #changes = new Map<string, Omit<Timer, 'at'> & { at: number | null }>();

  set(timer: Omit<Timer, 'at'> & { at: number | null }): void {
    this.#changes.set(`${timer.action} ${timer.id}`, timer);
  }

  clear(): void {
    this.#changes.clear();
  }

  async save(db: Database, account: string): Promise<void> {
    if (!this.#changes.size) return;
    const changes = [...this.#changes.values()];
    this.clear();
    await db.query(
      `delete from sandbox.timer using unnest($2::text[], $3::text[]) as gone(action, id)
       where account = $1 and timer.action = gone.action and timer.id = gone.id`,
      [account, changes.map(({ action }) => action), changes.map(({ id }) => id)],
    );
    const set = changes.filter(({ at }) => at !== null);
    await db.query(
      `insert into sandbox.timer (account, action, id, at, clock)
       select $1, action, id, at, clock from unnest($2::text[], $3::text[], $4::bigint[], $5::text[])
         with ordinality as set(action, id, at, clock, position) order by position`,
      [account, set.map((t) => t.action), set.map((t) => t.id), set.map((t) => t.at), set.map((t) => t.clock)],
    );
  }
}

/** Takes the next timer of an account's clock that is due by `until`, in time order; it is gone if the transaction commits. */
export async function takeTimer(db: Database, account: string, clock: string | null, until: number) {
  const { rows } = await db.query<{ action: TimerAction; id: string; at: string }>(
    `delete from sandbox.timer where (account, action, id) = (
       select account, action, id from sandbox.timer
       where account = $1 and clock is not distinct from $2 and at <= $3 order by at, seq limit 1
     ) returning action, id, at`,
    [account, clock, until],
  );
  return rows[0] && { ...rows[0], at: Number(rows[0].at), clock };
}
