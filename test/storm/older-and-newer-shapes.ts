import type { StripeObject } from './stripe-in-motion.ts';

/**
 * As an endpoint of version 2023-08-16 is sent it: there the period is the subscription's, not its items', and an invoice names
 * its subscription itself.
 */
export function inOldShape(object: StripeObject): StripeObject {
  if (object.object === 'invoice') return invoiceInOldShape(object);
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

function invoiceInOldShape({ parent, total_taxes: _, lines, ...rest }: StripeObject): StripeObject {
  const data = lines.data.map(({ parent: of, pricing, taxes: __, ...line }: StripeObject) => ({
    ...line,
    price: { id: pricing.price_details.price, object: 'price' },
    subscription_item: of.subscription_item_details.subscription_item,
    proration: false,
    tax_amounts: [],
  }));
  const { subscription } = parent.subscription_details;
  return {
    ...(rest as StripeObject),
    subscription,
    paid: rest.status === 'paid',
    total_tax_amounts: [],
    lines: { ...lines, data },
  };
}
