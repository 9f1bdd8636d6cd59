import { differenceOf, type FactColumns, type Facts, factsOf } from '../../ingestion/billing-events/facts.ts';
import type { NewBillingEvent } from '../../ingestion/billing-events/record-billing-events.ts';
import { instantOf } from '../../ingestion/mirror/seen.ts';
import type { FailedAttempt } from './find-failed-attempts.ts';
import type { KnownInvoice } from './find-known-invoices.ts';
import type { invoiceRowOf } from './invoice-rows.ts';

type Row = ReturnType<typeof invoiceRowOf>;

/** What an invoice can come to, once each: by which column we know, and what else changes with it. */
const milestones = [
  { type: 'invoice.finalized', at: 'finalized_at', tells: ['number', 'finalizedAt', 'dueDate', 'total', 'amountDue'] },
  { type: 'invoice.marked_uncollectible', at: 'marked_uncollectible_at', tells: ['status', 'markedUncollectibleAt'] },
  { type: 'invoice.voided', at: 'voided_at', tells: ['status', 'voidedAt'] },
  { type: 'invoice.paid', at: 'paid_at', tells: ['status', 'paidAt', 'amountPaid', 'amountRemaining'] },
] as const;

/**
 * What follows from the difference between an invoice's old row and its new one, and from the attempts that failed.
 * @param before null where there was no row.
 */
export function invoiceEffects(row: Row, before: KnownInvoice | null, failed: FailedAttempt[]): NewBillingEvent[] {
  const common = {
    projectId: row.project_id,
    environment: row.environment,
    customerId: row.customer_id,
    subjectId: row.id,
  };
  const [now, then] = [invoiceFacts(row), before && invoiceFacts(before)];
  const come = milestones.flatMap(({ type, at, tells }): NewBillingEvent[] => {
    const occurredAt = row[at];
    if (!occurredAt || before?.[at]) return [];
    const difference = differenceOf(then && only(then, tells), only(now, tells))!;
    return [{ ...common, ...difference, type, occurredAt }];
  });
  const failures = failed.map(
    ({ attempt, at, next }): NewBillingEvent => ({
      ...common,
      type: 'invoice.payment_failed',
      occurrence: attempt,
      before: { attemptCount: attempt - 1 },
      after: { attemptCount: attempt, nextPaymentAttempt: instantOf(next)?.toISOString() ?? null },
      occurredAt: instantOf(at),
    }),
  );
  return [...come, ...failures];
}

const only = (facts: Facts, names: readonly string[]) => Object.fromEntries(names.map((name) => [name, facts[name]]));

function invoiceFacts(row: Record<string, unknown>): Facts {
  const money = (column: string) => ({ amount: String(row[column]), currency: row.currency });
  const amounts = {
    total: 'total',
    amount_due: 'amountDue',
    amount_paid: 'amountPaid',
    amount_remaining: 'amountRemaining',
  };
  return {
    ...factsOf(row, columns),
    ...Object.fromEntries(Object.entries(amounts).map(([column, name]) => [name, money(column)])),
  };
}

const columns: FactColumns = {
  values: { number: 'number', status: 'status' },
  instants: {
    due_date: 'dueDate',
    finalized_at: 'finalizedAt',
    paid_at: 'paidAt',
    voided_at: 'voidedAt',
    marked_uncollectible_at: 'markedUncollectibleAt',
  },
};
