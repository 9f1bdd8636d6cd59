import type { EntityManager } from '@mikro-orm/core';
import type { Price } from '../catalog/price.entity.ts';
import { badInput, notFound } from '../errors.ts';
import type { Tenant } from '../tenant.ts';
import { askedItems } from './asked-items.ts';
import { checkCurrencies } from './check-currencies.ts';
import { choosePrice } from './choose-price.ts';
import type { FoundSubscription } from './find-subscription.ts';
import type { ItemChange, SubscriptionChange } from './subscription-change.ts';

/** What a subscription bills after a change: each item with Stripe's id, unless it is new. */
export type ItemAfter = { stripeItemId: string | null; price: Price; quantity: number | null };

/** An item that the input names: what it becomes, or null where it goes. */
export type ChangedItem = { stripeItemId: string | null; to: ItemAfter | null };

/** What is changed, in the order of the input, and all that is billed afterwards. */
export type ChangedItems = { changed: ChangedItem[]; after: ItemAfter[] };

const most = 20;

/**
 * The items of a subscription as a change leaves them.
 * @throws Refusal BAD_USER_INPUT and NOT_FOUND with the field; FORBIDDEN for what a customer may not change.
 */
export async function changeItems(
  { em }: { em: EntityManager },
  side: Pick<Tenant, 'projectId' | 'environment'>,
  subscription: FoundSubscription,
  change: SubscriptionChange,
): Promise<ChangedItems> {
  const { ownCustomerId } = change;
  const items = subscription.items.getItems();
  const asked = askedItems(change, items);
  const changed: ChangedItem[] = [];
  for (const { input, plan, at } of asked) {
    const known = input.itemId == null ? undefined : items.find(({ id }) => id === input.itemId);
    if (input.itemId != null && !known) throw notFound('item of this subscription', `${at}itemId`);
    const stripeItemId = known?.stripeSubscriptionItemId ?? null;
    if (known && changed.some((other) => other.stripeItemId === stripeItemId))
      throw badInput('This item is named twice.', `${at}itemId`);
    if (input.remove) {
      if (!known) throw badInput('Say which item goes.', `${at}itemId`);
      refuseMore(input, at);
      changed.push({ stripeItemId, to: null });
      continue;
    }
    const choice = { priceId: input.priceId, plan, current: known?.price, ownCustomerId, at };
    const price = await choosePrice({ em }, side, choice);
    const quantity = quantityOf(price, input.quantity, known?.quantity ?? null, at);
    changed.push({ stripeItemId, to: { stripeItemId, price, quantity } });
  }
  const kept = items.filter(({ stripeSubscriptionItemId: id }) => !changed.some((one) => one.stripeItemId === id));
  const after = [
    ...kept.map(({ stripeSubscriptionItemId, price, quantity }) => ({
      stripeItemId: stripeSubscriptionItemId,
      price,
      quantity: quantity ?? null,
    })),
    ...changed.flatMap(({ to }) => to ?? []),
  ];
  if (!after.length) throw badInput('A subscription has an item. To end it, use cancelSubscription.', 'items');
  if (after.length > most) throw badInput(`A subscription has at most ${most} items.`, 'items');
  for (const { input, at } of asked) refuseTwice(after, input, at);
  const before = items.map(({ price }) => price);
  checkCurrencies(before, after, asked);
  return { changed, after };
}

function refuseMore(input: ItemChange, at: string): void {
  for (const field of ['priceId', 'quantity'] as const)
    if (input[field] != null) throw badInput('An item that goes has none of this. Leave it out.', `${at}${field}`);
}

function quantityOf({ usageType }: Price, wanted: number | null | undefined, before: number | null, at: string) {
  if (usageType === 'METERED') {
    if (wanted == null) return null;
    throw badInput('What is used of this price is counted by its meter. Leave the quantity out.', `${at}quantity`);
  }
  const quantity = wanted ?? before ?? 1;
  if (quantity < 1 || quantity > 999_999) throw badInput('The quantity is from 1 to 999,999.', `${at}quantity`);
  return quantity;
}

function refuseTwice(after: ItemAfter[], { priceId }: ItemChange, at: string): void {
  if (priceId != null && after.filter(({ price }) => price.id === priceId).length > 1)
    throw badInput('Another item of the subscription has this price. Change its quantity instead.', `${at}priceId`);
}
