import type { EntityMetadata, EntityProperty } from '@mikro-orm/core';
import type { EntityManager, MikroORM } from '@mikro-orm/postgresql';
import { runStatement } from '../../database/run-statement.ts';
import type { OpenConnection } from '../../stripe/stripe-connections.ts';
import type { Reference, Seen, SyncTools } from '../mirror/seen.ts';
import type { StripeObject } from '../mirror/stripe-object.ts';
import { stripeObjects } from '../mirror/stripe-objects.ts';

/** What an object of Stripe's looks like, by a list or a fetch; null: Stripe has deleted it. */
export type Shown = { id: string; object: unknown };

/** Where our row is not what it would be if it were written now. `field` is null where there is no row, or no object. */
export type Difference = { field: string | null; local: string | null; stripe: string | null };

/**
 * - equal: our row is as the object was shown, or there is nothing to keep of it.
 * - different: it is not, and how.
 * - unbrought: there is no row, and what it refers to has none either: it belongs to no project.
 */
export type Comparison = 'equal' | 'unbrought' | { different: Difference[] };

/** What says how fresh a row is, not what it holds. */
const freshness = ['evidence', 'revision', 'updated_at'];

/**
 * Compares objects of one type with our rows: they are written in a transaction that is rolled back, by the same code that
 * writes them for good. So whatever that code keeps is compared, and nothing else.
 */
export async function compareWithRows(
  { orm }: { orm: MikroORM },
  { connection, type, shown }: { connection: OpenConnection; type: string; shown: Shown[] },
): Promise<Comparison[]> {
  if (!shown.length) return [];
  const kind = stripeObjects.get(type)!;
  const em = orm.em.fork();
  const ids = shown.map(({ id }) => id);
  await em.begin();
  try {
    const before = await readRows(em, kind, connection.id, ids);
    const seen = shown.map(({ id, object }): Seen<unknown> => ({ id, object, evidence: 0, mayReplace: () => true }));
    const outcomes = await syncWithoutGone({ em, connection, log: quiet }, kind, seen);
    await em.flush();
    const after = await readRows(em, kind, connection.id, ids);
    return shown.map(({ id }, index) => {
      const outcome = outcomes[index]!;
      if (typeof outcome === 'object') return ofMissing(outcome.missing, before.has(id));
      if (outcome !== 'applied') return 'equal';
      const different = differencesOf(before.get(id), after.get(id));
      return different.length ? { different } : 'equal';
    });
  } finally {
    await em.rollback();
  }
}

/** What may be gone counts as gone: where Stripe still knows it, its own row is found to be missing. */
async function syncWithoutGone(tools: SyncTools, { sync }: StripeObject, seen: Seen<unknown>[]) {
  const outcomes = await sync(tools, seen);
  const lacking = seen.flatMap((one, index) => {
    const outcome = outcomes[index]!;
    if (typeof outcome === 'string' || !outcome.missing.every(({ mayBeGone }) => mayBeGone)) return [];
    return { index, seen: { ...one, gone: new Set(outcome.missing.map(({ id }) => id)) } };
  });
  if (!lacking.length) return outcomes;
  const again = await sync(
    tools,
    lacking.map((one) => one.seen),
  );
  for (const [place, { index }] of lacking.entries()) outcomes[index] = again[place]!;
  return outcomes;
}

/** It warns again when the row is written for good. */
const quiet = { warn() {} };

type Row = Record<string, unknown>;

/** Rows by Stripe's id, fields by their names, with the rows that are parts of them (a subscription's items). */
async function readRows(em: EntityManager, { entity, stripeId }: StripeObject, connectionId: string, ids: string[]) {
  const meta = em.getMetadata().get(entity) as EntityMetadata;
  const parts = meta.relations.filter(({ kind, targetMeta, mappedBy }) => {
    const owner = targetMeta?.properties[mappedBy as never] as EntityProperty | undefined;
    return kind === '1:m' && owner?.deleteRule === 'cascade';
  });
  const partColumns = parts.map(({ name, targetMeta, mappedBy }) => {
    const [owner] = (targetMeta!.properties[mappedBy as never] as EntityProperty).fieldNames;
    return `(select coalesce(jsonb_agg(state order by state::text), '[]')
      from ${targetMeta!.tableName} part, lateral (select to_jsonb(part) - array['id', 'created_at', 'updated_at'] as state) where part.${owner} = t.id) as "${name}"`;
  });
  const idColumn = (meta.properties[stripeId as never] as EntityProperty).fieldNames[0];
  const rows = await runStatement<{ stripe_id: string; row: Row } & Row>(
    em,
    `select t.${idColumn} as stripe_id, to_jsonb(t) - $3::text[] as row ${partColumns.map((part) => `, ${part}`).join('')}
     from ${meta.tableName} t where t.connection_id = $1 and t.${idColumn} = any($2)`,
    [connectionId, ids, freshness],
  );
  const names = new Map(
    meta.props.flatMap(({ name, fieldNames }) => (fieldNames ?? []).map((column) => [column, name])),
  );
  return new Map(
    rows.map(({ stripe_id, row, ...ofParts }) => {
      const named = Object.entries(row).map(([column, value]) => [names.get(column) ?? column, value]);
      return [stripe_id, { ...Object.fromEntries(named), ...ofParts } as Row];
    }),
  );
}

/** It refers to what has no row. Without a row of its own it may belong to nobody, unless its metadata says that it is ours. */
function ofMissing(missing: Reference[], hasRow: boolean): Comparison {
  if (hasRow) return { different: missing.map(({ object, id }) => ({ field: object, local: null, stripe: id })) };
  return missing.some(({ projectHint }) => projectHint) ? { different: [noRow] } : 'unbrought';
}

/** We have no row of an object that belongs here. */
export const noRow: Difference = { field: null, local: null, stripe: 'exists' };

/** We have a row of an object that Stripe has deleted. */
const noObject: Difference = { field: null, local: 'exists', stripe: null };

function differencesOf(before: Row | undefined, after: Row | undefined): Difference[] {
  if (!after) return before ? [noObject] : [];
  if (!before) return [noRow];
  return Object.keys(after)
    .map((field) => ({ field, local: textOf(before[field]), stripe: textOf(after[field]) }))
    .filter(({ local, stripe }) => local !== stripe);
}

const textOf = (value: unknown) =>
  value === null || value === undefined ? null : typeof value === 'string' ? value : JSON.stringify(value);
