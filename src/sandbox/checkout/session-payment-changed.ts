import type { Stored } from '../objects.ts';
import type { AccountTransaction } from '../store/account-transaction.ts';

/** The bank debit of a session that completed unpaid is through, or failed. */
export async function sessionPaymentChanged(tx: AccountTransaction, intent: Stored<'payment_intent'>): Promise<void> {
  const where = { payment_intent: intent.id, payment_status: 'unpaid', status: 'complete' };
  const [session] = await tx.all('checkout.session', where);
  if (!session) return;
  if (intent.status === 'succeeded') {
    tx.update(session, { payment_status: 'paid' });
    tx.emit('checkout.session.async_payment_succeeded', session);
  } else if (intent.status === 'requires_payment_method') tx.emit('checkout.session.async_payment_failed', session);
}
