import { createHash } from 'node:crypto';
import type { Origin } from '../audit/record-audit.ts';
import type { Principal } from '../identity/access/principal.ts';

/** Who asked for what: all that is needed to carry it out again. `args` are without the idempotency key. */
export type Call = {
  mutation: string;
  args: Record<string, unknown>;
  principal: Principal;
  origin: Origin;
  /** Of mutation and input: see fingerprintOf. */
  fingerprint: string;
};

/**
 * The project that a key belongs to; null where an operator named none. What he is given instead changes with the projects of the
 * team: by it, `createProject` that is asked again would be another call.
 */
export const namedProjectOf = ({ projectId, projectIsDerived }: Principal) => (projectIsDerived ? null : projectId);

/** Whose key it is: the same key of another credential, project that is named, or environment is another one. */
export const scopeOf = (principal: Principal) => {
  const { teamId, environment, kind, id } = principal;
  return [teamId, namedProjectOf(principal) ?? '', environment, kind, id].join('/');
};

/** The same for the same mutation with the same input, in whatever order its fields were written. */
export function fingerprintOf({ mutation, args }: Pick<Call, 'mutation' | 'args'>): string {
  return createHash('sha256')
    .update(JSON.stringify([mutation, inOrder(args)]))
    .digest('hex');
}

function inOrder(value: unknown): unknown {
  if (typeof value === 'bigint') return { bigint: String(value) };
  if (Array.isArray(value)) return value.map(inOrder);
  if (typeof value !== 'object' || value === null || value instanceof Date) return value;
  const entries = Object.entries(value).filter(([, held]) => held !== undefined);
  return Object.fromEntries(
    entries.sort(([one], [other]) => (one < other ? -1 : 1)).map(([name, held]) => [name, inOrder(held)]),
  );
}
