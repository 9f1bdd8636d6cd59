import type { EntityManager } from '@mikro-orm/core';
import { badInput, forbidden, notFound } from '../../errors.ts';
import { findSoldPrices } from '../../tenancy/projects/find-sold-prices.ts';
import type { Tenant } from '../../tenant.ts';
import type { Price } from '../catalog/price.entity.ts';
import type { FoundSubscription } from '../subscription-writes/find-subscription.ts';
import { type AskedItem, askedItems } from './asked-items.ts';
import { checkCurrencies } from './check-currencies.ts';
import type { ItemChange, SubscriptionChange } from './subscription-change.ts';

/** What a subscription bills after a change: each item with Stripe's id, unless it is new, and where the input says it; null where it does not. */
export type ItemAfter = { stripeItemId: string | null; price: Price; quantity: number | null; at: string | null };

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
  const items = subscription.items.getItems();
  const asked = askedItems(change, items);
  if (asked.length > items.length + most) throw badInput(`A subscription has at most ${most} items.`, 'items');
  const named = namedItems(asked, items);
  const prices = await choosePrices({ em }, side, named, change);
  const changed = named.map(({ input, known, at }, index): ChangedItem => {
    const stripeItemId = known?.stripeSubscriptionItemId ?? null;
    const price = prices[index];
    if (!price) return { stripeItemId, to: null };
    const quantity = quantityOf(price, input.quantity, known?.quantity ?? null, at);
    return { stripeItemId, to: { stripeItemId, price, quantity, at } };
  });
  const kept = items.filter(({ stripeSubscriptionItemId: id }) => !changed.some((one) => one.stripeItemId === id));
  const after = [
    ...kept.map(({ stripeSubscriptionItemId, price, quantity }) => ({
      stripeItemId: stripeSubscriptionItemId,
      price,
      quantity: quantity ?? null,
      at: null,
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

type KnownItem = ReturnType<FoundSubscription['items']['getItems']>[number];
type NamedItem = AskedItem & { known: KnownItem | undefined };

/** Which item of the subscription each one is; none, where one is added. */
function namedItems(asked: AskedItem[], items: KnownItem[]): NamedItem[] {
  const named = asked.map((one) => ({ ...one, known: items.find(({ id }) => id === one.input.itemId) }));
  for (const [index, { input, known, at }] of named.entries()) {
    if (input.itemId != null && !known) throw notFound('item of this subscription', `${at}itemId`);
    if (known && named.findIndex((other) => other.known === known) !== index)
      throw badInput('This item is named twice.', `${at}itemId`);
    if (!input.remove) continue;
    if (!known) throw badInput('Say which item goes.', `${at}itemId`);
    refuseMore(input, at);
  }
  return named;
}

/** What each item bills after the change; null for one that goes. What a customer keeps must be on sale as well. */
async function choosePrices(
  { em }: { em: EntityManager },
  side: Pick<Tenant, 'projectId' | 'environment'>,
  named: NamedItem[],
  { ownCustomerId }: Pick<SubscriptionChange, 'ownCustomerId'>,
): Promise<(Price | null)[]> {
  const bySelfService = ownCustomerId !== null;
  const naming = named.map(({ input, plan, known, at }) => {
    const kept = bySelfService && plan == null ? known?.price.id : null;
    return { priceId: input.priceId ?? kept, plan, at };
  });
  const sold = await findSoldPrices({ em }, side, naming, { bySelfService });
  return named.map(({ input, plan, known, at }, index) => {
    if (input.remove) return null;
    const price = sold[index] ?? known?.price;
    if (!price) throw badInput('Say what is added.', `${at}priceId`);
    if (sold[index] && price.type !== 'RECURRING')
      throw badInput('This price is paid once. Use a recurring price.', plan == null ? `${at}priceId` : `${at}plan`);
    // There is no quantity to take along to it.
    if (bySelfService && price.usageType === 'METERED')
      throw forbidden('A customer token does not change to, or from, a price that bills usage.');
    return price;
  });
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
