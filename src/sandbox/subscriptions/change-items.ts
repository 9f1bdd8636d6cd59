import { refuseUnsoldIn } from '../catalog/price-in.ts';
import type { Purchase } from '../invoices/invoice-line.ts';
import type { Stored } from '../objects.ts';
import type { AccountTransaction } from '../store/account-transaction.ts';
import { invalidRequest, resourceMissing } from '../wire/api-error.ts';
import { mergeMetadata } from '../wire/metadata.ts';
import type { Values } from '../wire/parameters.ts';
import { periodAfter } from './billing-period.ts';
import type { SubscriptionItem } from './cycle-lines.ts';
import { itemPrice, itemQuantity } from './item-purchase.ts';
import { newSubscriptionItem, withPurchase } from './new-subscription-item.ts';
import { purchaseOf } from './prorate.ts';
import type { changedItem } from './subscription-parameters.ts';

type Subscription = Stored<'subscription'>;
export type ItemInput = Values<typeof changedItem>;

/** One item before and after a request; missing where it is new, or deleted. */
export interface ItemChange {
  id: string;
  before?: Purchase;
  after?: Purchase;
}

/** Changes, adds and deletes items as a request's `items` say. What that costs is the caller's. */
export async function changeItems(
  tx: AccountTransaction,
  subscription: Subscription,
  inputs: ItemInput[],
  place: (index: number) => string = (index) => `items[${index}]`,
): Promise<ItemChange[]> {
  const changes: ItemChange[] = [];
  let items = subscription.items.data;
  for (const [index, input] of inputs.entries()) {
    const at = place(index);
    const item = input.id ? items.find(({ id }) => id === input.id) : undefined;
    if (input.id && !item) throw resourceMissing('subscription_item', input.id, `${at}[id]`, 400);
    if (item && input.deleted) {
      items = items.filter(({ id }) => id !== item.id);
      changes.push({ id: item.id, before: purchaseOf(item) });
    } else if (item) {
      const changed = await changedItemOf(tx, subscription, item, input, at);
      items = items.map((other) => (other.id === item.id ? changed : other));
      changes.push({ id: item.id, before: purchaseOf(item), after: purchaseOf(changed) });
    } else {
      const added = await addedItem(tx, subscription, items, input, at);
      items = [...items, added];
      changes.push({ id: added.id, after: purchaseOf(added) });
    }
  }
  if (!items.length) throw invalidRequest('A subscription must have at least one active item.', 'items');
  if (items.length > 20) throw invalidRequest('A subscription can have at most 20 items.', 'items');
  tx.update(subscription, { items: { ...subscription.items, data: items } });
  return changes;
}

async function changedItemOf(
  tx: AccountTransaction,
  { currency }: Subscription,
  item: SubscriptionItem,
  input: ItemInput,
  at: string,
) {
  const isRepriced = Boolean(input.price ?? input.plan ?? input.price_data);
  const price = isRepriced ? await itemPrice(tx, input, 'recurring', at) : item.price;
  refuseUnsoldIn(price, currency, `${at}[price]`);
  const quantity = itemQuantity(price, input.quantity ?? (isMeteredPrice(price) ? undefined : item.quantity), at);
  const metadata = mergeMetadata(item.metadata, input.metadata);
  return { ...withPurchase(item, { price, quantity }), metadata };
}

async function addedItem(
  tx: AccountTransaction,
  subscription: Subscription,
  items: SubscriptionItem[],
  input: ItemInput,
  at: string,
) {
  const price = await itemPrice(tx, input, 'recurring', at);
  if (items.some((item) => item.price.id === price.id)) {
    throw invalidRequest(
      `Cannot add multiple subscription items with the same price: \`${price.id}\`. Change the item that has it.`,
      `${at}[price]`,
    );
  }
  refuseUnsoldIn(price, subscription.currency, `${at}[price]`);
  const purchase = { price, quantity: itemQuantity(price, input.quantity, at) };
  const end =
    subscription.status === 'trialing'
      ? subscription.trial_end!
      : periodAfter(subscription.billing_cycle_anchor, price.recurring!, tx.now);
  const item = newSubscriptionItem(tx, subscription.id, purchase, { start: tx.now, end });
  return { ...item, metadata: mergeMetadata({}, input.metadata) };
}

const isMeteredPrice = ({ recurring }: Stored<'price'>) => recurring?.usage_type === 'metered';
