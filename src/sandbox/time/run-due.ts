import type pg from 'pg';
import { wallClock } from '../clock.ts';
import type { Store } from '../store/store.ts';
import { timerActions } from './timer-actions.ts';
import { takeTimer } from './timers.ts';

const nobody = { requestId: null, idempotencyKey: null };

/** What waits to be done, at most one thing for each clock and account. */
export async function dueNow(pool: pg.Pool) {
  const clocks = await pool.query<{ account: string; id: string }>(
    `select account, id from sandbox.object
     where object = 'test_helpers.test_clock' and data->>'status' = 'advancing' and not deleted`,
  );
  const accounts = await pool.query<{ account: string }>(
    'select distinct account from sandbox.timer where clock is null and at <= $1',
    [wallClock()],
  );
  return { clocks: clocks.rows, accounts: accounts.rows.map(({ account }) => account) };
}

/** Milliseconds until something happens in real time; `undefined` where nothing will. */
export async function nextDueIn(pool: pg.Pool): Promise<number | undefined> {
  const { rows } = await pool.query<{ at: string | null }>(
    'select min(at) as at from sandbox.timer where clock is null',
  );
  return rows[0]?.at ? Number(rows[0].at) * 1_000 - Date.now() : undefined;
}

/** Does the next thing that is due in an account's real time. */
export function runTimer(store: Store, account: string): Promise<void> {
  return store.write({ account, ...nobody }, async (tx, db) => {
    const timer = await takeTimer(db, account, null, wallClock());
    if (!timer) return;
    tx.stayAt(timer.at, null);
    await timerActions[timer.action]?.(tx, timer.id);
  });
}

/** Takes an advancing clock to the next thing that happens under it, or to its goal, where it is ready. */
export function stepClock(store: Store, account: string, id: string): Promise<void> {
  return store.write({ account, ...nobody }, async (tx, db) => {
    const clock = await tx.find('test_helpers.test_clock', id);
    const target = clock?.status_details.advancing?.target_frozen_time;
    if (!clock || target === undefined) return;
    const timer = await takeTimer(db, account, id, target);
    if (timer) {
      const time = Math.max(timer.at, clock.frozen_time);
      tx.update(clock, { frozen_time: time });
      tx.stayAt(time, id);
      await timerActions[timer.action]?.(tx, timer.id);
    } else {
      tx.update(clock, { frozen_time: target, status: 'ready', status_details: {} });
      tx.emit('test_helpers.test_clock.ready', clock);
    }
  });
}

/** A failure of ours stops a clock where it stands, and puts off what failed in real time by an hour. */
export function breakClock(store: Store, account: string, id: string): Promise<void> {
  return store.write({ account, ...nobody }, async (tx) => {
    const clock = await tx.find('test_helpers.test_clock', id);
    if (!clock) return;
    tx.update(clock, { status: 'internal_failure', status_details: {} });
    tx.emit('test_helpers.test_clock.internal_failure', clock);
  });
}

export async function putOffTimer(pool: pg.Pool, account: string): Promise<void> {
  await pool.query(
    `update sandbox.timer set at = $2 + 3600 where (account, action, id) = (
       select account, action, id from sandbox.timer
       where account = $1 and clock is null and at <= $2 order by at, seq limit 1)`,
    [account, wallClock()],
  );
}
