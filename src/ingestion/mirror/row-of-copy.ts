import { stripeObjects } from './stripe-objects.ts';

/**
 * Where an event of an object is to be worked, by that object's type and the field that names it. A refund changes its
 * charge, and no event of the charge tells that a refund has failed; a discount that ends by itself leaves its subscription or its customer, of
 * whom no other event tells.
 */
const tellsOf = new Map([
  ['refund', [{ object: 'charge', idField: 'charge' }]],
  // Of a subscription, or else of a customer.
  [
    'discount',
    [
      { object: 'subscription', idField: 'subscription' },
      { object: 'customer', idField: 'customer' },
    ],
  ],
]);

/** The address of the row that an event's copy of an object tells of; null where nobody keeps it. */
export function rowOfCopy(object: string, copy: Record<string, unknown>): { object: string; id: unknown } | null {
  const others = tellsOf.get(object);
  if (others) {
    const other = others.find(({ idField }) => copy[idField]) ?? others[0]!;
    return { object: other.object, id: copy[other.idField] };
  }
  const kind = stripeObjects.get(object);
  return kind ? { object, id: copy[kind.idField ?? 'id'] } : null;
}
