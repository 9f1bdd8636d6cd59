import type { EntityManager } from '@mikro-orm/core';
import { runStatement } from '../database/run-statement.ts';

/** Takes lanes away whose work was done by somebody else, in the EntityManager's transaction. A worker that holds one writes nothing. */
export async function forgetLanes(em: EntityManager, keys: string[]): Promise<void> {
  await runStatement(em, 'delete from lane where key = any($1)', [keys]);
}
