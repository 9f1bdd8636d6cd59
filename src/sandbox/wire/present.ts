import { type AnyStored, includedOnDemand, references } from '../objects.ts';
import type { AccountTransaction } from '../store/account-transaction.ts';
import { invalidRequest } from './api-error.ts';

type Json = Record<string, unknown>;
/** `expand: ['data.customer', 'data.items']` as a tree. */
type Expansions = { [field: string]: Expansions };

/** An answer as Stripe would give it: without memos, with the fields that `expand` names filled in. */
export async function present(tx: AccountTransaction, answer: object, expand: string[] = []): Promise<unknown> {
  return expanded(tx, answer, expansionTree(expand), '');
}

/** A copy of an object for an event: nothing expanded. */
export function asSeenInEvents(object: AnyStored): Json {
  return JSON.parse(
    JSON.stringify(object, function (this: Json, key, value) {
      return isHidden(this, key) ? undefined : value;
    }),
  );
}

function isHidden(parent: Json, field: string): boolean {
  if (field === '_sandbox') return true;
  // A price's options are no objects of their own, and show their tiers as it does.
  const name = parent.object === undefined && field === 'tiers' ? 'price' : String(parent.object);
  return includedOnDemand[name]?.includes(field) ?? false;
}

function expansionTree(paths: string[]): Expansions {
  const tree: Expansions = Object.create(null);
  for (const path of paths) {
    const fields = path.split('.');
    if (fields.length > 5) throw invalidRequest('You cannot expand more than 4 levels of a property', 'expand');
    let at = tree;
    for (const field of fields) {
      at[field] ??= Object.create(null) as Expansions;
      at = at[field];
    }
  }
  return tree;
}

async function expanded(tx: AccountTransaction, value: unknown, wanted: Expansions, path: string): Promise<unknown> {
  if (Array.isArray(value)) {
    const items: unknown[] = [];
    for (const item of value) items.push(await expanded(tx, item, wanted, path));
    return items;
  }
  if (typeof value !== 'object' || value === null) return value;
  const parent = value as Json;
  const answer: Json = {};
  for (const [field, content] of Object.entries(parent)) {
    if (field === '_sandbox' || (isHidden(parent, field) && !wanted[field])) continue;
    const inside = wanted[field] ?? {};
    const shown = field === 'source' && inside.coupon ? withCoupon(parent) : content;
    const full = wanted[field] ? await allReferred(tx, field, shown, path) : content;
    answer[field] = await expanded(tx, full, inside, path ? `${path}.${field}` : field);
  }
  for (const field of Object.keys(wanted)) {
    if (!Object.hasOwn(parent, field) && !isHidden(parent, field)) throw cannotExpand(field, path);
  }
  return answer;
}

/** A discount goes on as it was redeemed, whatever becomes of its coupon. */
function withCoupon({ source, _sandbox: memo }: Json) {
  return memo ? { ...(source as Json), coupon: (memo as Json).coupon } : source;
}

/** The object for an id, the objects for a list of ids; what is no reference stays. */
async function allReferred(tx: AccountTransaction, field: string, content: unknown, path: string): Promise<unknown> {
  if (typeof content === 'string') return referred(tx, field, content, path);
  if (!Array.isArray(content)) return content;
  const objects: unknown[] = [];
  for (const item of content) objects.push(typeof item === 'string' ? await referred(tx, field, item, path) : item);
  return objects;
}

async function referred(tx: AccountTransaction, field: string, id: string, path: string): Promise<unknown> {
  const name = references[field];
  if (!name) throw cannotExpand(field, path);
  return (await tx.find(name, id)) ?? { id, object: name, deleted: true };
}

function cannotExpand(field: string, path: string) {
  const full = path ? `${path}.${field}` : field;
  return invalidRequest(`This property cannot be expanded (${full}).`, 'expand');
}
