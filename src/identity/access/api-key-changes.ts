import type { EntityManager } from '@mikro-orm/core';
import { runStatement } from '../../database/run-statement.ts';

/** Every process listens here, and forgets what it knows of keys, and of the limits of teams. */
export const apiKeyChannel = 'billgraph_api_keys';

/** Tells every process that keys, or limits, have changed, as soon as the EntityManager's transaction commits. */
export async function announceApiKeyChange(em: EntityManager): Promise<void> {
  await runStatement(em, `select pg_notify('${apiKeyChannel}', '')`, []);
}
