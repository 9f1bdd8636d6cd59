import { newId } from '../ids.ts';
import type { Stored } from '../objects.ts';
import type { AccountTransaction } from '../store/account-transaction.ts';

type BalanceTransaction = Stored<'balance_transaction'>;

const twoDays = 2 * 86_400;

/** What moved on the account's balance: `amount` in minor units, negative where money left, less Stripe's `fee`. */
export function newBalanceTransaction(
  tx: AccountTransaction,
  { amount, fee = 0, ...given }: Pick<BalanceTransaction, 'amount' | 'currency' | 'type' | 'source'> & { fee?: number },
): BalanceTransaction {
  return tx.add<BalanceTransaction>({
    id: newId('txn_3'),
    object: 'balance_transaction',
    amount,
    available_on: tx.now + twoDays,
    balance_type: 'payments',
    created: tx.now,
    description: null,
    exchange_rate: null,
    fee,
    fee_details: fee
      ? [
          {
            amount: fee,
            application: null,
            currency: given.currency,
            description: 'Stripe processing fees',
            type: 'stripe_fee',
          },
        ]
      : [],
    net: amount - fee,
    reporting_category: given.type === 'adjustment' ? 'dispute' : given.type,
    status: 'pending',
    ...given,
  });
}

/** About what Stripe takes from a charge: 2.9 % and 30 of the smallest unit. */
export function processingFee(amount: number): number {
  return Math.round(amount * 0.029) + 30;
}
