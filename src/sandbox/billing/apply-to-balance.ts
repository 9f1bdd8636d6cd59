import type { Stored } from '../objects.ts';
import type { AccountTransaction } from '../store/account-transaction.ts';
import { balanceIn } from './balance-in.ts';
import { newBalanceTransaction } from './new-balance-transaction.ts';

/** Settles an invoice with the customer's balance in its currency: credit pays it, an invoice below zero adds credit, a debit is due with it. */
export function applyToBalance(
  tx: AccountTransaction,
  customer: Stored<'customer'>,
  { id, currency, total }: Stored<'invoice'>,
) {
  const start = balanceIn(customer, currency);
  const end = Math.min(0, total + start);
  const due = Math.max(0, total + start);
  if (end !== start) {
    newBalanceTransaction(tx, customer, { amount: end - start, currency, invoice: id, type: 'applied_to_invoice' });
  }
  return { amount_due: due, amount_remaining: due, ending_balance: end, starting_balance: start };
}
