import type { FeatureKind } from '../features/feature-type.ts';
import type { AccessSource } from './access-source.ts';
import { decimalOf, unitsOf } from './exact-decimals.ts';

export type Verdict = {
  has: boolean;
  limit: string | null;
  unlimited: boolean;
  option: string | null;
  /** What it was made of. */
  counted: ReadonlySet<AccessSource>;
};

/**
 * What all sources that stood come to. The view says the same in SQL of what stands now (entitlements/current/entitlement-view.ts), and a test
 * compares them.
 */
export function judgeSources(
  { type, options }: { type: FeatureKind; options: readonly string[] },
  sources: AccessSource[],
): Verdict {
  const standing = sources.filter(({ stood }) => stood);
  const overrides = standing.filter(({ kind }) => kind === 'OVERRIDE');
  const newest = overrides.reduce<AccessSource | undefined>(
    (last, one) => (last && last.grant!.id > one.grant!.id ? last : one),
    undefined,
  );
  const counted = newest ? [newest] : standing;
  const holds = newest ? newest.allowed : counted.length > 0;
  const verdict = { limit: null, unlimited: false, option: null, counted: new Set(counted) };
  if (!holds || type === 'BOOLEAN') return { ...verdict, has: holds };
  if (type === 'ENUMERATED') {
    const best = counted.reduce((place, { option }) => Math.max(place, options.indexOf(option ?? '')), -1);
    return { ...verdict, has: best >= 0, option: options[best] ?? null };
  }
  if (counted.some(({ amount }) => amount === null)) return { ...verdict, has: true, unlimited: true };
  const sum = counted.reduce((total, { amount }) => total + unitsOf(amount!), 0n);
  return { ...verdict, has: sum > 0n, limit: decimalOf(sum) };
}
