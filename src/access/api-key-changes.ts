import type { EntityManager } from '@mikro-orm/core';
import { runStatement } from '../database/run-statement.ts';

/** Every process listens here, and forgets what it knows of keys. */
export const apiKeyChannel = 'billgraph_api_keys';

/** Tells every process that keys have changed, as soon as the EntityManager's transaction commits. */
export async function announceApiKeyChange(em: EntityManager): Promise<void> {
  await runStatement(em, `select pg_notify('${apiKeyChannel}', '')`, []);
}
