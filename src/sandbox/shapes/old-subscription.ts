import type { Json, LookUp } from './look-up.ts';
import { oldDiscount, oldPrice } from './old-objects.ts';
import { without } from './without.ts';

/** The period stood on the subscription, and it had one discount. */
export async function oldSubscription(subscription: Json, look: LookUp): Promise<Json> {
  const items: Json[] = subscription.items.data;
  return {
    ...without(
      subscription,
      ...['billing_mode', 'billing_schedules', 'customer_account', 'discounts', 'managed_payments', 'status_details'],
    ),
    ...periodOf(items),
    discount: await oldDiscount(subscription.discounts[0], look),
    items: { ...subscription.items, data: items.map(oldItem) },
    plan: items.length === 1 ? items[0]!.plan : null,
    ...(items.length === 1 && { quantity: items[0]!.quantity }),
  };
}

/** What is said to have been before, in the same shape. */
export function oldSubscriptionPrevious(previous: Json): Json {
  const items: Json[] | undefined = previous.items?.data;
  if (!items?.length) return without(previous, 'discounts');
  return { ...without(previous, 'discounts', 'items'), ...periodOf(items), items: { data: items.map(oldItem) } };
}

function periodOf(items: Json[]): Json {
  const { current_period_start = null, current_period_end = null } = items[0] ?? {};
  return { current_period_start, current_period_end };
}

function oldItem(item: Json): Json {
  const older = without(item, 'current_period_start', 'current_period_end', 'current_trial', 'discounts');
  return { ...older, price: oldPrice(item.price) };
}
