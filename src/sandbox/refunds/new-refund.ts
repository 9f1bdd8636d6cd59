import { newBalanceTransaction } from '../charges/new-balance-transaction.ts';
import { newId } from '../ids.ts';
import type { Stored } from '../objects.ts';
import type { AccountTransaction } from '../store/account-transaction.ts';

type Refund = Stored<'refund'>;

/** Gives money of a charge back, in minor units: it has arrived unless `status` says otherwise. */
export function newRefund(
  tx: AccountTransaction,
  charge: Stored<'charge'>,
  given: Pick<Refund, 'amount'> & Partial<Refund>,
): Refund {
  const id = newId('re_3');
  const { currency } = charge;
  const { amount } = given;
  const moved = charge.captured
    ? newBalanceTransaction(tx, { amount: -amount, currency, source: id, type: 'refund' })
    : undefined;
  const refund = tx.add<Refund>({
    id,
    object: 'refund',
    balance_transaction: moved?.id ?? null,
    charge: charge.id,
    created: tx.now,
    currency,
    customer: charge.customer,
    customer_account: null,
    destination_details: {
      card: { reference_status: 'pending', reference_type: 'acquirer_reference_number', type: 'refund' },
      type: 'card',
    },
    metadata: {},
    payment_intent: charge.payment_intent,
    payment_method: charge.payment_method,
    reason: null,
    receipt_number: null,
    source_transfer_reversal: null,
    status: 'succeeded',
    transfer_reversal: null,
    ...given,
  });
  const amount_refunded = charge.amount_refunded + amount;
  const previous = tx.update(charge, { amount_refunded, refunded: amount_refunded >= charge.amount });
  tx.emit('refund.created', refund);
  tx.emit('charge.refunded', charge, previous);
  return refund;
}
