import type { InvoiceLine } from '../invoices/invoice-line.ts';
import type { Stored } from '../objects.ts';
import { setSubscriptionDiscounts } from '../promotions/subscription-discounts.ts';
import type { AccountTransaction } from '../store/account-transaction.ts';
import { isMetered, type SubscriptionItem, usageLine } from '../subscriptions/cycle-lines.ts';
import { newSubscriptionItem, withPurchase } from '../subscriptions/new-subscription-item.ts';
import type { Phase } from './new-phase.ts';

type Subscription = Stored<'subscription'>;

/**
 * Where a phase of a schedule ends with the period that ends now, the subscription gets the items of the next one, with the periods of
 * those that go: to be renewed. Answers what was used of the items that go.
 */
export async function enterNextPhase(
  tx: AccountTransaction,
  subscription: Subscription,
  { wasTrial }: { wasTrial: boolean },
): Promise<InvoiceLine[]> {
  const schedule = subscription.schedule ? await tx.find('subscription_schedule', subscription.schedule) : undefined;
  const current = schedule?.current_phase;
  if (!schedule || !current || current.end_date > tx.now) return [];
  const phase = schedule.phases.find(({ start_date }) => start_date === current.end_date);
  if (!phase) return [];
  const old = subscription.items.data;
  const items: SubscriptionItem[] = [];
  for (const { price: id, quantity } of phase.items) {
    const purchase = { price: await tx.get('price', id), quantity };
    const known = old.find((item) => item.price.id === id);
    const over = { start: old[0]!.current_period_start, end: tx.now };
    items.push(known ? withPurchase(known, purchase) : newSubscriptionItem(tx, subscription.id, purchase, over));
  }
  const lines = [];
  for (const item of old.filter((item) => isMetered(item) && !items.some(({ id }) => id === item.id))) {
    const over = { start: item.current_period_start, end: tx.now };
    if (!wasTrial) lines.push(await usageLine(tx, subscription, item, over));
  }
  const isOtherInterval = intervalOf(items[0]!) !== intervalOf(old[0]!);
  const customer = await tx.get('customer', subscription.customer);
  const discounts = await setSubscriptionDiscounts(tx, subscription, customer, phase.discounts.map(givenOf));
  tx.update(subscription, {
    discounts,
    items: { ...subscription.items, data: items },
    ...(isOtherInterval && { billing_cycle_anchor: tx.now }),
  });
  const previous = tx.update(schedule, { current_phase: { end_date: phase.end_date, start_date: phase.start_date } });
  tx.emit('subscription_schedule.updated', schedule, previous);
  return lines;
}

const givenOf = ({ coupon, discount, promotion_code }: Phase['discounts'][number]) => ({
  ...(coupon && { coupon }),
  ...(discount && { discount }),
  ...(promotion_code && { promotion_code }),
});

const intervalOf = ({ price }: SubscriptionItem) => `${price.recurring?.interval} ${price.recurring?.interval_count}`;
