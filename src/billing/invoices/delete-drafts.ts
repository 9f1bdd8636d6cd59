import { runStatement } from '../../database/run-statement.ts';
import type { SyncTools } from '../../ingestion/mirror/seen.ts';

/** Removes drafts that were deleted in Stripe, by our ids, with their lines. They were nobody's debt, and leave no trace. */
export async function deleteDrafts({ em }: Pick<SyncTools, 'em'>, ids: string[]): Promise<void> {
  if (ids.length) await runStatement(em, `delete from invoice where id = any($1) and status = 'DRAFT'`, [ids]);
}
