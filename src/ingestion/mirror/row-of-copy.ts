import { stripeObjects } from './stripe-objects.ts';

/**
 * Where an event of an object is to be worked, by that object's type and the field that names it. A refund changes its
 * charge, and no event of the charge tells that a refund has failed.
 */
const tellsOf = new Map([['refund', { object: 'charge', idField: 'charge' }]]);

/** The address of the row that an event's copy of an object tells of; null where nobody keeps it. */
export function rowOfCopy(object: string, copy: Record<string, unknown>): { object: string; id: unknown } | null {
  const other = tellsOf.get(object);
  if (other) return { object: other.object, id: copy[other.idField] };
  const kind = stripeObjects.get(object);
  return kind ? { object, id: copy[kind.idField ?? 'id'] } : null;
}
