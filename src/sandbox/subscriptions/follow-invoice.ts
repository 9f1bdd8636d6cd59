import type { Stored } from '../objects.ts';
import type { AccountTransaction } from '../store/account-transaction.ts';
import { announceChange, announceSubscription } from './announce-subscription.ts';
import { endSubscription } from './end-subscription.ts';

type Subscription = Stored<'subscription'>;

/** A subscription's status follows its latest invoice: paid, it is active; unpaid, past due, and in the end what dunning says. */
export async function followInvoice(
  tx: AccountTransaction,
  invoice: Stored<'invoice'>,
  paidBy: string | null = null,
): Promise<void> {
  const id = invoice.parent?.subscription_details?.subscription;
  const subscription = id ? await tx.find('subscription', id) : undefined;
  if (!subscription || subscription.ended_at || subscription.latest_invoice !== invoice.id) return;
  const before = structuredClone(subscription);
  const saves = subscription.payment_settings?.save_default_payment_method === 'on_subscription';
  if (saves && paidBy) tx.update(subscription, { default_payment_method: paidBy });
  if (invoice.status === 'paid') return recover(tx, subscription, before);
  if (invoice.status !== 'open') return;
  if (subscription.status === 'active') tx.update(subscription, { status: 'past_due' });
  const { afterwards, retryDays } = tx.settings.dunning;
  const isGivenUp = subscription.status === 'past_due' && invoice.attempt_count > retryDays.length;
  if (isGivenUp && afterwards === 'cancel') {
    await announceChange(tx, subscription, before);
    return endSubscription(tx, subscription, 'payment_failed');
  }
  if (isGivenUp && afterwards === 'mark_unpaid') tx.update(subscription, { status: 'unpaid' });
  await announceChange(tx, subscription, before);
}

async function recover(tx: AccountTransaction, subscription: Subscription, before: Subscription): Promise<void> {
  const { status } = subscription;
  if (status === 'paused') {
    tx.update(subscription, { status: 'active' });
    delete subscription.status_details;
    await announceSubscription(tx, subscription, 'resumed');
  } else if (status === 'incomplete' || status === 'past_due' || status === 'unpaid') {
    tx.update(subscription, { status: 'active' });
  }
  await announceChange(tx, subscription, before);
}
