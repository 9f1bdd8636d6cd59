import type { AccountTransaction } from '../store/account-transaction.ts';
import { nextPeriodEnd } from './announce-subscription.ts';
import { renew } from './renew-subscription.ts';

/** A week before a renewal, `invoice.upcoming` shows what it will be; there is no such invoice yet. */
export async function announceRenewal(tx: AccountTransaction, id: string): Promise<void> {
  const subscription = await tx.find('subscription', id);
  if (!subscription || subscription.ended_at) return;
  const { now } = tx;
  await tx.flush();
  tx.stayAt(nextPeriodEnd(subscription));
  await renew(tx, id);
  const after = await tx.get('subscription', id);
  const invoice = after.latest_invoice ? structuredClone(await tx.get('invoice', after.latest_invoice)) : undefined;
  await tx.discard();
  tx.stayAt(now);
  if (invoice && invoice.id !== subscription.latest_invoice) {
    tx.emit('invoice.upcoming', { ...invoice, id: invoice.id.replace('in_', 'upcoming_in_') });
  }
}
