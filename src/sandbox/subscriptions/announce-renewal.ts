import type { AccountTransaction } from '../store/account-transaction.ts';
import { nextPeriodEnd } from './announce-subscription.ts';
import { renew } from './renew-subscription.ts';

/** A week before a renewal, `invoice.upcoming` shows what it will be: it is done, looked at, and undone. */
export async function announceRenewal(tx: AccountTransaction, id: string): Promise<void> {
  const subscription = await tx.find('subscription', id);
  if (!subscription || subscription.ended_at) return;
  const { now } = tx;
  const latest = subscription.latest_invoice;
  await tx.flush();
  tx.stayAt(nextPeriodEnd(subscription));
  await renew(tx, id);
  const next = subscription.latest_invoice;
  const invoice = next && next !== latest ? structuredClone(await tx.get('invoice', next)) : undefined;
  await tx.discard();
  tx.stayAt(now);
  if (invoice) tx.emit('invoice.upcoming', { ...invoice, id: invoice.id.replace('in_', 'upcoming_in_') });
}
