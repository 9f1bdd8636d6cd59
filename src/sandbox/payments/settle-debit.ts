import { succeedCharge } from '../charges/decide-charge.ts';
import { debitFailure } from '../payment-methods/bank-debits.ts';
import type { AccountTransaction } from '../store/account-transaction.ts';
import { failPayment, succeedPayment } from './attempt-payment.ts';
import { followPayment } from './follow-payment.ts';

/** A bank debit comes to its end: the bank paid, or refused. */
export async function settleDebit(tx: AccountTransaction, id: string): Promise<void> {
  const intent = await tx.find('payment_intent', id);
  if (intent?.status !== 'processing') return;
  const charge = await tx.get('charge', intent.latest_charge!);
  const method = await tx.get('payment_method', intent.payment_method!);
  const failure = debitFailure(method._sandbox.number);
  if (failure) failPayment(tx, intent, method, failure, charge);
  else {
    succeedCharge(tx, charge, method);
    succeedPayment(tx, intent, charge);
  }
  await followPayment(tx, intent);
}
