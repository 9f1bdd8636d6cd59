import { defaultMethodOf } from '../invoices/method-for.ts';
import type { Stored } from '../objects.ts';
import type { AccountTransaction } from '../store/account-transaction.ts';
import { announceSubscription } from './announce-subscription.ts';
import { endSubscription } from './end-subscription.ts';

type Subscription = Stored<'subscription'>;

/** Three days before the end of a trial. */
export async function announceTrialEnd(tx: AccountTransaction, id: string): Promise<void> {
  const subscription = await tx.find('subscription', id);
  if (subscription?.status === 'trialing') await announceSubscription(tx, subscription, 'trial_will_end');
}

/** A trial ends without a payment method to go on with: cancels or pauses as its settings say. Answers whether it stopped there. */
export async function stopsAfterTrial(tx: AccountTransaction, subscription: Subscription): Promise<boolean> {
  const missing = subscription.trial_settings?.end_behavior.missing_payment_method;
  if (missing === 'create_invoice' || subscription.collection_method === 'send_invoice') return false;
  const customer = await tx.get('customer', subscription.customer);
  if (subscription.default_payment_method ?? defaultMethodOf(customer)) return false;
  if (missing === 'cancel') await endSubscription(tx, subscription, 'payment_failed');
  else await pauseSubscription(tx, subscription, 'trial_end_without_payment_method');
  return true;
}

type PauseCause = 'pause_requested' | 'trial_end_without_payment_method';

export async function pauseSubscription(tx: AccountTransaction, subscription: Subscription, type: PauseCause) {
  tx.update(subscription, {
    status: 'paused',
    status_details: { paused: { subscription: { type }, transitioned_at: tx.now, type: 'subscription' } },
  });
  await announceSubscription(tx, subscription, 'paused');
}
