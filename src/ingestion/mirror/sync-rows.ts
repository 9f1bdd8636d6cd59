import { runStatement } from '../../database/run-statement.ts';
import { type ColumnValues, upsertRows } from '../../database/upsert-rows.ts';
import type { Seen, SyncOutcome, SyncTools } from './seen.ts';

/** A row as it was before, with the columns that were asked for. */
export type Before = { id: string; project_id: string; evidence: string };

/** What an object becomes: the columns of its row, or why there is none. */
export type Decision = SyncOutcome | ColumnValues;

/** A row that was written: from which object, and what it was before, if it was. */
export type Written<StripeObject, Row> = { object: StripeObject; before: Row | undefined; row: ColumnValues };

/**
 * Brings objects of one type to their rows, in few statements. The rows stay locked until the transaction ends, so that what
 * follows from the difference of old and new follows once. A row that another transaction inserted meanwhile is left alone,
 * and so is an object that is shown twice.
 * @param into.key the column of Stripe's id.
 * @param into.columns what the decision needs to know of the row before.
 * @param into.decide told of the row before, if there is one, that it may replace.
 */
export async function syncRows<StripeObject, Row extends Before = Before>(
  { em, connection }: SyncTools,
  seen: Seen<StripeObject>[],
  into: {
    table: string;
    key: string;
    columns?: readonly (keyof Row & string)[];
    /** Stripe's ids of further rows that the transaction is going to change: they are locked too. */
    locked?: readonly string[];
    decide(one: Seen<StripeObject>, before: Row | undefined): Decision;
  },
): Promise<{ outcomes: SyncOutcome[]; written: Written<StripeObject, Row>[] }> {
  const { table, key } = into;
  const columns = ['id', 'project_id', 'evidence', ...(into.columns ?? [])];
  const rows = await runStatement<Row & { stripe_id: string }>(
    em,
    `select ${key} as stripe_id, ${columns.join(', ')} from ${table}
     where connection_id = $1 and ${key} = any($2) order by id for no key update`,
    [connection.id, [...seen.map(({ id }) => id), ...(into.locked ?? [])]],
  );
  const known = new Map(rows.map((row) => [row.stripe_id, row]));
  const shown = new Set<string>();
  const decisions = seen.map((one): Decision => {
    const before = known.get(one.id);
    if (shown.has(one.id) || !one.mayReplace(Number(before?.evidence ?? 0))) return 'overtaken';
    shown.add(one.id);
    return into.decide(one, before);
  });
  const ids = new Set(
    await upsertRows(
      em,
      {
        table,
        key: ['connection_id', key],
        kept: ['project_id', 'environment'],
        silent: ['evidence'],
        guard: `${table}.id = excluded.id`,
      },
      decisions.filter(isRow),
    ),
  );
  const written = decisions.flatMap((row, index) => {
    const { id, object } = seen[index]!;
    return isRow(row) && ids.has(row.id) ? { object: object as StripeObject, before: known.get(id), row } : [];
  });
  const outcomes = decisions.map((decision) => {
    if (!isRow(decision)) return decision;
    return ids.has(decision.id) ? ('applied' as const) : ('overtaken' as const);
  });
  return { outcomes, written };
}

const isRow = (decision: Decision): decision is ColumnValues => typeof decision === 'object' && 'id' in decision;
