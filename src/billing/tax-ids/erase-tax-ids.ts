import { runStatement } from '../../database/run-statement.ts';
import { lockRows } from '../../ingestion/mirror/lock-rows.ts';
import type { SyncTools } from '../../ingestion/mirror/seen.ts';

/** Erases the tax ids of customers that are deleted. */
export async function eraseTaxIds(tools: SyncTools, customerIds: string[]): Promise<void> {
  if (!customerIds.length) return;
  const written = tools.alongside?.('tax_id') ?? [];
  await lockRows(tools, {
    table: 'tax_id',
    condition: 'customer_id = any($2) or stripe_tax_id = any($3)',
    values: [customerIds, written.map(({ id }) => id)],
  });
  await runStatement(
    tools.em,
    `update tax_id set value = null, country = null, status = null, verified_name = null, verified_address = null,
       deleted_at = now(), updated_at = now() where customer_id = any($1) and deleted_at is null`,
    [customerIds],
  );
}
