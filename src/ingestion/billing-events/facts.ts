import { isDeepStrictEqual } from 'node:util';

/** What a row says, by the names that we publish. Instants are ISO 8601, in UTC. */
export type Facts = Record<string, unknown>;

/** Which columns say something, by the names that we publish: plain values, and instants. */
export type FactColumns = { values: Record<string, string>; instants: Record<string, string> };

/** The facts of a row, whether it was read (instants are text) or is to be written (instants are dates). */
export function factsOf(row: Record<string, unknown>, { values, instants }: FactColumns): Facts {
  return {
    ...Object.fromEntries(Object.entries(values).map(([column, name]) => [name, row[column] ?? null])),
    ...Object.fromEntries(Object.entries(instants).map(([column, name]) => [name, isoOf(row[column])])),
  };
}

const isoOf = (value: unknown) => (value ? new Date(value as string | Date).toISOString() : null);

/** What changed, as it was and as it is; null where nothing did. Without a row before, everything is new. */
export function differenceOf(before: Facts | null, after: Facts): { before: Facts | null; after: Facts } | null {
  if (!before) return { before: null, after };
  const changed = Object.keys(after).filter((name) => !isDeepStrictEqual(before[name], after[name]));
  if (!changed.length) return null;
  const only = (facts: Facts) => Object.fromEntries(changed.map((name) => [name, facts[name]]));
  return { before: only(before), after: only(after) };
}
