import { setTimeout as sleep } from 'node:timers/promises';
import type { EntityManager } from '@mikro-orm/core';
import { runStatement } from '../database/run-statement.ts';

/** In milliseconds. */
const patience = 2_000;
const lookEvery = 20;

/**
 * Waits until the lanes are clean, on whatever process they are worked; not for a dead one, and two seconds at most. Call it outside
 * of a transaction, which would not see them end.
 */
export async function untilWorked(em: EntityManager, keys: string[]): Promise<void> {
  const statement = `select from lane where key = any($1) and run_at < 'infinity' limit 1`;
  for (let waited = 0; keys.length && waited < patience; waited += lookEvery) {
    if (!(await runStatement(em, statement, [keys])).length) return;
    await sleep(lookEvery);
  }
}
