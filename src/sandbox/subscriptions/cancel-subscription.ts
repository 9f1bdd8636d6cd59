import type Stripe from 'stripe';
import { finalizeAndCollect } from '../invoices/finalize-and-collect.ts';
import type { Stored } from '../objects.ts';
import type { AccountTransaction } from '../store/account-transaction.ts';
import { resourceMissing } from '../wire/api-error.ts';
import { operation } from '../wire/operation.ts';
import { boolean } from '../wire/parameter-kinds.ts';
import type { Every } from '../wire/parameters.ts';
import { isMetered, usageLine } from './cycle-lines.ts';
import { endSubscription } from './end-subscription.ts';
import { creditUnusedTime } from './prorate.ts';
import { newSubscriptionInvoice } from './subscription-invoice.ts';
import { cancellationDetails } from './subscription-parameters.ts';

type Subscription = Stored<'subscription'>;

const parameters = {
  cancellation_details: cancellationDetails,
  invoice_now: boolean,
  prorate: boolean,
} satisfies Every<Stripe.SubscriptionCancelParams>;

/** Ends a subscription at once. One that has ended is not found, as at Stripe. */
export const cancelSubscription = operation(parameters, async (tx, input, id) => {
  const subscription = await tx.get('subscription', id!);
  if (subscription.ended_at) throw resourceMissing('subscription', subscription.id, 'id', 404);
  tx.update(subscription, {
    cancellation_details: { ...subscription.cancellation_details!, ...input.cancellation_details },
  });
  if (input.invoice_now) await endWithBill(tx, subscription, input.prorate ?? false);
  else {
    if (input.prorate) await creditUnusedTime(tx, subscription, tx.now);
    await endSubscription(tx, subscription, 'cancellation_requested');
  }
  return subscription;
});

/** Ends a subscription now and bills what was used, less what was paid for the time after, where that is prorated. */
export async function endWithBill(
  tx: AccountTransaction,
  subscription: Subscription,
  prorates: boolean,
): Promise<void> {
  if (prorates) await creditUnusedTime(tx, subscription, tx.now);
  await finalInvoice(tx, subscription, 'subscription_update');
  await endSubscription(tx, subscription, 'cancellation_requested');
}

/** The time that a subscription was set to end at. */
export async function cancelByTime(tx: AccountTransaction, id: string): Promise<void> {
  const subscription = await tx.find('subscription', id);
  if (subscription && !subscription.ended_at) await endAtPeriodEnd(tx, subscription);
}

/** Bills what was used, and ends the subscription. */
export async function endAtPeriodEnd(tx: AccountTransaction, subscription: Subscription): Promise<void> {
  await finalInvoice(tx, subscription, 'subscription_cycle');
  await endSubscription(tx, subscription, subscription.cancellation_details?.reason ?? 'cancellation_requested');
}

/** The last invoice, where there is anything to bill: metered use, and what waited for the next invoice. */
async function finalInvoice(
  tx: AccountTransaction,
  subscription: Subscription,
  billing_reason: 'subscription_cycle' | 'subscription_update',
) {
  const lines = [];
  const isFree = subscription.status === 'trialing' || subscription.status === 'paused';
  for (const item of isFree ? [] : subscription.items.data.filter(isMetered)) {
    const line = await usageLine(tx, subscription, item, { start: item.current_period_start, end: tx.now });
    if (line.amount !== 0) lines.push(line);
  }
  const { id, customer } = subscription;
  const pending = { customer, invoice: { missing: true }, 'parent.subscription_details.subscription': id };
  const waiting = await tx.all('invoiceitem', pending);
  if (!lines.length && !waiting.length) return;
  const invoice = await newSubscriptionInvoice(tx, subscription, lines, { billing_reason });
  await finalizeAndCollect(tx, invoice);
}
