import type { AccountTransaction } from '../store/account-transaction.ts';
import { announceChange } from './announce-subscription.ts';

/** The time that collection was paused until. */
export async function resumeCollection(tx: AccountTransaction, id: string): Promise<void> {
  const subscription = await tx.find('subscription', id);
  if (!subscription || subscription.ended_at) return;
  const before = structuredClone(subscription);
  tx.update(subscription, { pause_collection: null });
  await announceChange(tx, subscription, before);
}
