import { isDeepStrictEqual } from 'node:util';
import type pg from 'pg';
import { comparisons, type Row } from './rows-and-objects.ts';
import type { StripeInMotion } from './stripe-in-motion.ts';

/**
 * Compares every row with its object as Stripe has it now.
 * @returns what is stale, missing or too many, a line each; and how many rows were compared.
 */
export async function compareRows(database: pg.Client, { objects, histories }: StripeInMotion) {
  const faults: string[] = [];
  const compared: Record<string, number> = {};
  for (const { object: type, sql, expected, gone } of comparisons) {
    const { rows } = await database.query(sql);
    const known = new Map(rows.map(({ stripe_id, ...row }) => [stripe_id as string, row as Row]));
    const wanted = [...objects.values()].filter(({ id, object }) => object === type && histories.has(id));
    compared[type] = rows.length;
    for (const object of wanted) {
      const row = known.get(object.id);
      known.delete(object.id);
      // One that was deleted before anybody heard of it leaves no row.
      if (object.deleted && !row) continue;
      const want = object.deleted ? gone! : expected(object);
      const have = row && Object.fromEntries(Object.keys(want).map((field) => [field, row[field]]));
      if (!isDeepStrictEqual(have, want))
        faults.push(`stale: ${object.id} is ${JSON.stringify(have)}, and in Stripe ${JSON.stringify(want)}`);
    }
    for (const id of known.keys()) faults.push(`too many: ${type} ${id} is not in Stripe`);
  }
  return { faults, compared };
}
