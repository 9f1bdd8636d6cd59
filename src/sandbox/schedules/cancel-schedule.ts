import type { AccountTransaction } from '../store/account-transaction.ts';

/** The schedule of a subscription that has ended goes with it. */
export async function cancelSchedule(tx: AccountTransaction, id: string): Promise<void> {
  const schedule = await tx.find('subscription_schedule', id);
  if (schedule?.status !== 'active') return;
  tx.update(schedule, { canceled_at: tx.now, current_phase: null, status: 'canceled' });
  tx.schedule('subscription_schedule.end', schedule.id, null);
  tx.emit('subscription_schedule.canceled', schedule);
}
