import { stop, voidInvoice } from '../invoices/end-invoice.ts';
import type { Stored } from '../objects.ts';
import { cancelSchedule } from '../schedules/cancel-schedule.ts';
import type { AccountTransaction } from '../store/account-transaction.ts';
import { announceSubscription } from './announce-subscription.ts';

type Subscription = Stored<'subscription'>;
export type CancellationReason = NonNullable<Subscription['cancellation_details']>['reason'];

/** Ends a subscription now. Its invoices stay as they are, but nothing is collected by itself any more; one that never began is void. */
export async function endSubscription(
  tx: AccountTransaction,
  subscription: Subscription,
  reason: CancellationReason,
): Promise<void> {
  const neverBegan = subscription.status === 'incomplete';
  tx.update(subscription, {
    canceled_at: subscription.canceled_at ?? tx.now,
    cancellation_details: { ...subscription.cancellation_details!, reason },
    ended_at: tx.now,
    status: neverBegan ? 'incomplete_expired' : 'canceled',
  });
  await announceSubscription(tx, subscription, 'deleted');
  if (subscription.schedule) await cancelSchedule(tx, subscription.schedule);
  await stopInvoices(tx, subscription, neverBegan);
}

export async function stopInvoices(tx: AccountTransaction, subscription: Subscription, voids: boolean): Promise<void> {
  const invoices = await tx.all('invoice', { 'parent.subscription_details.subscription': subscription.id });
  for (const invoice of invoices) {
    if (invoice.status === 'open' && voids) await voidInvoice(tx, invoice);
    else if (invoice.status === 'open' || invoice.status === 'draft') stop(tx, invoice);
  }
}
