import type { StripeObject } from './stripe-in-motion.ts';

/** As an endpoint of version 2023-08-16 is sent it: there the period is the subscription's, not its items'. */
export function inOldShape(object: StripeObject): StripeObject {
  if (object.object !== 'subscription') return object;
  const { items, ...rest } = object;
  const [{ current_period_start, current_period_end }] = items.data;
  const data = items.data.map(({ current_period_start: _, current_period_end: __, ...item }: StripeObject) => item);
  return {
    ...rest,
    id: object.id,
    object: object.object,
    current_period_start,
    current_period_end,
    items: { ...items, data },
  };
}

/** As a version might that nobody knows yet: nothing but the id is where it was. */
export function inUnknownShape({ id, object }: StripeObject): StripeObject {
  return {
    id,
    object,
    status: { now: 'blooming' },
    items: [],
    metadata: { version: 'none' },
    name: 'not this',
    active: null,
  };
}
