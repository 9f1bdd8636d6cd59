import { runStatement } from '../../database/run-statement.ts';
import { lockRows } from '../../ingestion/mirror/lock-rows.ts';
import type { SyncTools } from '../../ingestion/mirror/seen.ts';

/** Takes their payment methods from customers that are deleted: Stripe has no event for each. */
export async function detachPaymentMethods(tools: SyncTools, customerIds: string[]): Promise<void> {
  if (!customerIds.length) return;
  const written = tools.alongside?.('payment_method') ?? [];
  await lockRows(tools, {
    table: 'payment_method',
    condition: 'customer_id = any($2) or stripe_payment_method_id = any($3)',
    values: [customerIds, written.map(({ id }) => id)],
  });
  await runStatement(
    tools.em,
    `update payment_method set customer_id = null, detached_at = now(), updated_at = now() where customer_id = any($1)`,
    [customerIds],
  );
}
