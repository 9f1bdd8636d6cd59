import { newId } from '../ids.ts';
import type { Stored } from '../objects.ts';
import type { AccountTransaction } from '../store/account-transaction.ts';

type Entry = Stored<'customer_balance_transaction'>;

/** Changes a customer's balance by an amount (below zero is credit), with the entry that says why, and `customer.updated`. */
export function newBalanceTransaction(
  tx: AccountTransaction,
  customer: Stored<'customer'>,
  given: Pick<Entry, 'amount' | 'currency' | 'type'> & Partial<Entry>,
): Entry {
  const balance = customer.balance + given.amount;
  const previous = tx.update(customer, { balance, currency: customer.currency ?? given.currency });
  if (previous) tx.emit('customer.updated', customer, previous);
  return tx.add<Entry>({
    id: newId('cbtxn_1'),
    object: 'customer_balance_transaction',
    checkout_session: null,
    created: tx.now,
    credit_note: null,
    customer: customer.id,
    customer_account: null,
    description: null,
    ending_balance: balance,
    invoice: null,
    livemode: false,
    metadata: {},
    ...given,
  });
}
