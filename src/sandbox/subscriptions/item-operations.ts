import type Stripe from 'stripe';
import type { Stored } from '../objects.ts';
import type { AccountTransaction } from '../store/account-transaction.ts';
import { resourceMissing } from '../wire/api-error.ts';
import { operation } from '../wire/operation.ts';
import { pageOf } from '../wire/page-of.ts';
import { boolean, oneOf, page, text, timestamp } from '../wire/parameter-kinds.ts';
import { type Every, required } from '../wire/parameters.ts';
import { type ItemInput } from './change-items.ts';
import { newItem, prorationBehavior } from './subscription-parameters.ts';
import { applyUpdate } from './update-subscription.ts';

const billing = {
  payment_behavior: oneOf('allow_incomplete', 'default_incomplete', 'error_if_incomplete', 'pending_if_incomplete'),
  proration_behavior: prorationBehavior,
  proration_date: timestamp,
};
type Billing = Pick<Parameters<typeof applyUpdate>[2], keyof typeof billing>;

const createParameters = {
  ...newItem,
  ...billing,
  subscription: required(text()),
} satisfies Every<Stripe.SubscriptionItemCreateParams>;

export const createItem = operation(createParameters, async (tx, input) => {
  const { subscription: id, payment_behavior, proration_behavior, proration_date, ...item } = input;
  const subscription = await tx.refer('subscription', id, 'subscription');
  const known = new Set(subscription.items.data.map((item) => item.id));
  await change(tx, subscription, item, { payment_behavior, proration_behavior, proration_date });
  return subscription.items.data.find((item) => !known.has(item.id))!;
});

const updateParameters = {
  ...newItem,
  ...billing,
  off_session: boolean,
} satisfies Every<Stripe.SubscriptionItemUpdateParams>;

export const updateItem = operation(updateParameters, async (tx, input, id) => {
  const { payment_behavior, proration_behavior, proration_date, off_session: _, ...item } = input;
  const subscription = await subscriptionOf(tx, id!);
  await change(tx, subscription, { ...item, id: id! }, { payment_behavior, proration_behavior, proration_date });
  return itemIn(subscription, id!);
});

const deleteParameters = {
  ...billing,
  clear_usage: boolean,
} satisfies Every<Stripe.SubscriptionItemDeleteParams>;

export const deleteItem = operation(deleteParameters, async (tx, { clear_usage: _, ...given }, id) => {
  const subscription = await subscriptionOf(tx, id!);
  await change(tx, subscription, { id: id!, deleted: true }, given);
  return { id, object: 'subscription_item', deleted: true };
});

export const retrieveItem = operation({}, async (tx, _input, id) => itemIn(await subscriptionOf(tx, id!), id!));

const listParameters = { ...page, subscription: required(text()) } satisfies Every<Stripe.SubscriptionItemListParams>;

export const listItems = operation(listParameters, async (tx, input) => {
  const { items } = await tx.refer('subscription', input.subscription, 'subscription');
  return pageOf(items.data, items.url, input);
});

function change(tx: AccountTransaction, subscription: Stored<'subscription'>, item: ItemInput, billing: Billing) {
  return applyUpdate(tx, subscription, { items: [item], ...billing });
}

function itemIn({ items }: Stored<'subscription'>, id: string) {
  return items.data.find((item) => item.id === id)!;
}

async function subscriptionOf(tx: AccountTransaction, id: string) {
  const [found] = await tx.all('subscription', { 'items.data': { contains: { id } } });
  // Found by its id too, so that the time is its test clock's.
  const subscription = found && (await tx.get('subscription', found.id));
  if (!subscription) throw resourceMissing('subscription_item', id, 'id', 404);
  return subscription;
}
