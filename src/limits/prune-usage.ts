import type { EntityManager } from '@mikro-orm/core';
import { runStatement } from '../database/run-statement.ts';

/** More than a year, so that a month can be compared with that of the year before. */
const keptDays = 400;

/** Removes the usage of days long ago. */
export async function pruneUsage({ em }: { em: EntityManager }): Promise<void> {
  await runStatement(em, `delete from api_key_usage where day < (now() at time zone 'utc')::date - $1::int`, [
    keptDays,
  ]);
}

/** The kind of lane that removes it. There is one. */
export const usagePruningPrefix = 'prune-usage';
export const usagePruningLane = `${usagePruningPrefix}/api-keys`;
