import type Stripe from 'stripe';
import { finalizeAndCollect } from '../invoices/finalize-and-collect.ts';
import { itemOf, newInvoiceItem } from '../invoices/new-invoice-item.ts';
import type { Stored } from '../objects.ts';
import type { AccountTransaction } from '../store/account-transaction.ts';
import { invalidRequest } from '../wire/api-error.ts';
import { operation } from '../wire/operation.ts';
import { oneOf } from '../wire/parameter-kinds.ts';
import { type Every, hash, required, type Values } from '../wire/parameters.ts';
import { announceChange } from './announce-subscription.ts';
import { isMetered, usageLine } from './cycle-lines.ts';
import { creditUnusedTime } from './prorate.ts';
import { newSubscriptionInvoice } from './subscription-invoice.ts';
import { pauseSubscription } from './trial.ts';

type Subscription = Stored<'subscription'>;

const parameters = {
  bill_for: hash({
    outstanding_usage_through: hash({ type: required(oneOf('none', 'now')) }),
    unused_time_from: hash({ type: required(oneOf('item_current_period_start', 'none', 'now')) }),
  }),
  invoicing_behavior: oneOf('invoice', 'pending_invoice_item'),
  type: oneOf('subscription'),
} satisfies Every<Stripe.SubscriptionPauseParams>;

/** Stops a subscription until it is resumed: nothing is billed, unused time is credited, use is billed. */
export const pauseNow = operation(parameters, async (tx, input, id) => {
  const subscription = await tx.get('subscription', id!);
  if (!['active', 'past_due', 'trialing', 'unpaid'].includes(subscription.status)) {
    throw invalidRequest(`A subscription that is ${subscription.status} cannot be paused.`);
  }
  if (subscription.schedule) throw invalidRequest('Cannot pause subscriptions with attached schedules.');
  const before = structuredClone(subscription);
  await settle(tx, subscription, input);
  await pauseSubscription(tx, subscription, 'pause_requested');
  await announceChange(tx, subscription, before);
  return subscription;
});

async function settle(
  tx: AccountTransaction,
  subscription: Subscription,
  input: Values<typeof parameters>,
): Promise<void> {
  const credit = input.bill_for?.unused_time_from?.type ?? 'now';
  const usage = input.bill_for?.outstanding_usage_through?.type ?? 'now';
  if (subscription.status === 'trialing') return;
  if (credit === 'now') await creditUnusedTime(tx, subscription, tx.now);
  else if (credit === 'item_current_period_start') {
    await creditUnusedTime(
      tx,
      subscription,
      Math.min(...subscription.items.data.map((item) => item.current_period_start)),
    );
  }
  const metered = usage === 'now' ? subscription.items.data.filter(isMetered) : [];
  const customer = await tx.get('customer', subscription.customer);
  for (const item of metered) {
    const line = await usageLine(tx, subscription, item, { start: item.current_period_start, end: tx.now });
    const { amount, currency, description, period, pricing } = line;
    const quantity = line.quantity ?? 0;
    if (amount === 0) continue;
    newInvoiceItem(tx, customer, {
      amount,
      currency,
      description,
      period,
      pricing,
      quantity,
      parent: itemOf(subscription.id, item.id),
    });
  }
  if (input.invoicing_behavior !== 'invoice') return;
  const invoice = await newSubscriptionInvoice(tx, subscription, [], { billing_reason: 'subscription_update' });
  await finalizeAndCollect(tx, invoice);
}
