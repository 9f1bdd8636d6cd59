import { runStatement } from '../../database/run-statement.ts';
import { upsertRows } from '../../database/upsert-rows.ts';
import { recordBillingEvents } from '../../ingestion/billing-events/record-billing-events.ts';
import type { SyncTools } from '../../ingestion/mirror/seen.ts';
import { findFailedAttempts } from './find-failed-attempts.ts';
import type { KnownInvoice } from './find-known-invoices.ts';
import { invoiceEffects } from './invoice-effects.ts';
import { type InvoiceState, invoiceRowOf, lineRowsOf } from './invoice-rows.ts';

/** An invoice to be written, and our row before; null where there is none. */
export type InvoiceWrite = { state: InvoiceState; before: KnownInvoice | null };

/**
 * Writes invoices with their lines, and what follows from the differences.
 * @returns the ids of the rows that were written. One that another transaction inserted meanwhile is left alone.
 */
export async function writeInvoices(
  tools: Pick<SyncTools, 'em' | 'connection'>,
  writes: InvoiceWrite[],
): Promise<Set<string>> {
  const { em, connection } = tools;
  const changes = writes.map(({ state, before }) => ({ state, before, row: invoiceRowOf(connection, state) }));
  const ids = await upsertRows(
    em,
    {
      table: 'invoice',
      key: ['connection_id', 'stripe_invoice_id'],
      kept: ['project_id', 'environment'],
      silent: ['evidence'],
      guard: 'invoice.id = excluded.id',
    },
    changes.map(({ row }) => row),
  );
  const written = new Set(ids);
  if (!ids.length) return written;
  const ofWritten = changes.filter(({ row }) => written.has(row.id));
  const lines = ofWritten.flatMap(({ state }) => lineRowsOf(connection, state));
  await runStatement(
    em,
    `delete from invoice_line where invoice_id = any($1)
     and (invoice_id, stripe_line_id) not in (select * from unnest($2::text[], $3::text[]))`,
    [ids, lines.map((line) => line.invoice_id), lines.map((line) => line.stripe_line_id)],
  );
  const into = { table: 'invoice_line', key: ['invoice_id', 'stripe_line_id'], kept: ['project_id', 'environment'] };
  await upsertRows(em, into, lines);
  const failed = await findFailedAttempts(
    tools,
    ofWritten.map(({ row }) => row.stripe_invoice_id),
  );
  await recordBillingEvents(
    em,
    ofWritten.flatMap(({ row, before }) => invoiceEffects(row, before, failed.get(row.stripe_invoice_id) ?? [])),
  );
  return written;
}
