import type { Json } from './look-up.ts';

/** A copy without some fields. */
export function without(object: Json, ...fields: string[]): Json {
  return Object.fromEntries(
    Object.entries(object).filter(([field]) => !fields.includes(field) && field !== '_sandbox'),
  );
}
