import { setTimeout as sleep } from 'node:timers/promises';
import type { BaseLogger } from 'pino';
import { isDatabaseTrouble } from './sql-state.ts';

/** How long a start waits for a database that is away, and how often it tries. In milliseconds. */
const patience = 30_000;
const tryEvery = 200;

/**
 * Does what a start needs the database for, again and again while that is away: servers start together, and PostgreSQL is not
 * always the first. Says so once.
 * @param start must leave nothing open where it fails.
 * @param tools.signal ends the wait.
 * @throws what `start` failed by: at once where trying again is useless, otherwise after half a minute.
 */
export async function waitForDatabase<Result>(
  { log, signal }: { log: Pick<BaseLogger, 'warn'>; signal?: AbortSignal | undefined },
  start: () => Promise<Result>,
): Promise<Result> {
  const until = Date.now() + patience;
  for (let tries = 1; ; tries++) {
    try {
      return await start();
    } catch (failure) {
      const isAway = isDatabaseTrouble(failure) || isDatabaseTrouble((failure as Error).cause);
      if (!isAway || Date.now() > until) throw failure;
      if (tries === 1) {
        const reason = (failure as Error).message || (failure as NodeJS.ErrnoException).code;
        log.warn({ reason }, `PostgreSQL cannot be reached: trying again for ${patience / 1_000} seconds`);
      }
    }
    await sleep(tryEvery, undefined, signal && { signal });
  }
}
