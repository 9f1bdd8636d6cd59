/** What a write did to one row, or to one object of Stripe's. */
export type Change = {
  subjectType: string | null;
  subjectId: string | null;
  before: Record<string, unknown> | null;
  after: Record<string, unknown> | null;
  /** Of a row that is a team's: whose log tells of it. */
  teamId?: string | undefined;
};

/** Columns that hold what nobody may read: sealed texts, hashes, tokens. */
const secret = /^sealed|hash|secret|password|token/i;

/** The values of a row as they may be kept: secrets are named and left out. */
export function withoutSecrets(values: Record<string, unknown>): Record<string, unknown> {
  return Object.fromEntries(
    Object.entries(values).map(([name, value]) => [name, secret.test(name) && value != null ? '[secret]' : value]),
  );
}

/** Several changes of one row as one: from the first state to the last. */
export function mergeChanges(changes: Change[]): Change[] {
  const merged = new Map<string, Change>();
  for (const change of changes) {
    const key = `${change.subjectType} ${change.subjectId}`;
    const earlier = merged.get(key);
    if (!earlier) merged.set(key, change);
    else {
      const before = earlier.before && { ...change.before, ...earlier.before };
      const after = change.after && { ...earlier.after, ...change.after };
      merged.set(key, { ...earlier, before, after });
    }
  }
  // What came and went within one write was never there.
  return [...merged.values()].filter(({ before, after, subjectType }) => before || after || !subjectType);
}
