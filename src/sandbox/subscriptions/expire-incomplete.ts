import type { AccountTransaction } from '../store/account-transaction.ts';
import { announceChange } from './announce-subscription.ts';
import { stopInvoices } from './end-subscription.ts';

/** 23 hours without its first payment, a subscription is over before it began. */
export async function expireIncomplete(tx: AccountTransaction, id: string): Promise<void> {
  const subscription = await tx.find('subscription', id);
  if (subscription?.status !== 'incomplete') return;
  const before = structuredClone(subscription);
  tx.update(subscription, { ended_at: tx.now, status: 'incomplete_expired' });
  await announceChange(tx, subscription, before);
  await stopInvoices(tx, subscription, true);
}
