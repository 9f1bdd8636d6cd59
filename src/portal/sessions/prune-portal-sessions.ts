import type { EntityManager } from '@mikro-orm/core';
import { runStatement } from '../../database/run-statement.ts';

/** For how long one that is over still knows the way back. */
const keptDays = 30;

/** Removes portal sessions that are long over. */
export async function prunePortalSessions({ em }: { em: EntityManager }): Promise<void> {
  await runStatement(em, `delete from portal_session where expires_at < now() - $1 * interval '1 day'`, [keptDays]);
}

/** The kind of lane that does it. There is one. */
export const portalPruningPrefix = 'prune-portal-sessions';
export const portalPruningLane = `${portalPruningPrefix}/expired`;
