import type { EntityManager } from '@mikro-orm/core';
import { runStatement } from '../../database/run-statement.ts';

/** Removes sessions and links that have expired, and counts of attempts that no limit looks at any more. */
export async function pruneSessions({ em }: { em: EntityManager }): Promise<void> {
  await runStatement(em, 'delete from operator_session where expires_at < now()', []);
  await runStatement(em, 'delete from operator_verification where expires_at < now()', []);
  await runStatement(
    em,
    `delete from operator_rate_limit where last_request < extract(epoch from now() - interval '1 day') * 1000`,
    [],
  );
}

/** The kind of lane that does it. There is one. */
export const sessionPruningPrefix = 'prune-sessions';
export const sessionPruningLane = `${sessionPruningPrefix}/expired`;
