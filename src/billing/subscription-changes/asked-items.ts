import { badInput, forbidden } from '../../errors.ts';
import type { ItemChange, SubscriptionChange } from './subscription-change.ts';

/** What an input says of one item, and where it says so: a path that ends in a dot, or nothing. */
export type AskedItem = { input: ItemChange; plan?: string | null | undefined; at: string };

/**
 * What an input says of items: in `items`, or in short where there is one.
 * @throws Refusal BAD_USER_INPUT with the field; FORBIDDEN for a customer who says more than the short form does.
 */
export function askedItems(
  { items, priceId, plan, quantity, ownCustomerId }: SubscriptionChange,
  known: { id: string }[],
): AskedItem[] {
  if (items != null) {
    if (ownCustomerId !== null)
      throw forbidden('A customer token changes plan, price and quantity of a subscription with one item.');
    for (const [field, value] of Object.entries({ priceId, plan, quantity }))
      if (value != null) throw badInput('Say it in `items`, or leave `items` out.', field);
    if (!items.length) throw badInput('Say which items change.', 'items');
    return items.map((input, index) => ({ input, at: `items.${index}.` }));
  }
  if (priceId != null && plan != null) throw badInput('Give a price or a plan, not both.', 'plan');
  if (priceId == null && plan == null && quantity == null)
    throw badInput('Say what changes: the price, the plan, the quantity, or `items`.', 'items');
  const [only, ...others] = known;
  if (others.length) throw badInput('This subscription has several items. Say in `items` which one changes.', 'items');
  return [{ input: { itemId: only?.id ?? null, priceId: priceId ?? null, quantity: quantity ?? null }, plan, at: '' }];
}
