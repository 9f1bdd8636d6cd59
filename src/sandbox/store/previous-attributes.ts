type Json = Record<string, unknown>;

/**
 * What an event calls `previous_attributes`: the fields of `before` that `after` has otherwise, hashes field by field, `null` for a field
 * that is new. `undefined` where nothing differs.
 */
export function previousAttributes(before: object, after: object): Json | undefined {
  return difference({ ...before }, { ...after });
}

function difference(before: Json, after: Json): Json | undefined {
  const previous: Json = {};
  for (const key of new Set([...Object.keys(before), ...Object.keys(after)])) {
    if (key === '_sandbox') continue;
    const [old, now] = [before[key], after[key]];
    if (isHash(old) && isHash(now)) {
      const inside = difference(old, now);
      if (inside) previous[key] = inside;
    } else if (JSON.stringify(old) !== JSON.stringify(now)) {
      previous[key] = old ?? null;
    }
  }
  return Object.keys(previous).length ? previous : undefined;
}

function isHash(value: unknown): value is Json {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
