import { newId } from '../ids.ts';
import type { Stored } from '../objects.ts';
import type { AccountTransaction } from '../store/account-transaction.ts';
import { balanceIn } from './balance-in.ts';

type Entry = Stored<'customer_balance_transaction'>;

/**
 * Changes a customer's balance in a currency by an amount (below zero is credit), with the entry that says why; and with
 * `customer.updated` where it is the currency in which the customer is billed, or becomes it.
 */
export function newBalanceTransaction(
  tx: AccountTransaction,
  customer: Stored<'customer'>,
  given: Pick<Entry, 'amount' | 'currency' | 'type'> & Partial<Entry>,
): Entry {
  const { currency } = given;
  const balance = balanceIn(customer, currency) + given.amount;
  tx.update(customer, { invoice_credit_balance: { ...customer.invoice_credit_balance, [currency]: balance } });
  const isOwn = currency === (customer.currency ?? currency);
  const previous = isOwn ? tx.update(customer, { balance, currency }) : undefined;
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
