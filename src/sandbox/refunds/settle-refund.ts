import { newBalanceTransaction } from '../charges/new-balance-transaction.ts';
import { testCard } from '../payment-methods/test-cards.ts';
import type { AccountTransaction } from '../store/account-transaction.ts';

/** A refund that was under way arrives, or comes back because the card cannot take it. */
export async function settleRefund(tx: AccountTransaction, id: string): Promise<void> {
  const refund = await tx.find('refund', id);
  if (!refund) return;
  const method = await tx.get('payment_method', refund.payment_method!);
  if (testCard(method._sandbox.number).refund !== 'fails') {
    const { pending_reason, ...arrived } = { ...refund, status: 'succeeded' };
    tx.emit('refund.updated', refund, tx.update(refund, arrived));
    return;
  }
  const charge = await tx.get('charge', refund.charge!);
  const { amount, currency } = refund;
  const back = newBalanceTransaction(tx, { amount, currency, source: refund.id, type: 'refund_failure' });
  const failed = { failure_balance_transaction: back.id, failure_reason: 'expired_or_canceled_card', status: 'failed' };
  tx.update(refund, failed);
  tx.update(charge, { amount_refunded: charge.amount_refunded - amount, refunded: false });
  tx.emit('refund.failed', refund);
  tx.emit('charge.refund.updated', refund);
}
