import { newDispute } from '../disputes/new-dispute.ts';
import type { Stored } from '../objects.ts';
import { type Decline, testCard } from '../payment-methods/test-cards.ts';
import type { AccountTransaction } from '../store/account-transaction.ts';
import { newBalanceTransaction, processingFee } from './new-balance-transaction.ts';
import { outcome } from './new-charge.ts';

type Charge = Stored<'charge'>;
type Method = Stored<'payment_method'>;

/** The bank holds the money for a later capture. */
export function authorizeCharge(tx: AccountTransaction, charge: Charge): void {
  tx.update(charge, { outcome: outcome(), paid: true, status: 'succeeded' });
  tx.emit('charge.succeeded', charge);
}

/** The money is taken at once. */
export function succeedCharge(tx: AccountTransaction, charge: Charge, method: Method): void {
  const { amount } = charge;
  const balance_transaction = moneyIn(tx, charge, amount);
  const taken = { amount_captured: amount, balance_transaction, captured: true };
  tx.update(charge, { ...taken, outcome: outcome(), paid: true, status: 'succeeded' });
  tx.emit('charge.succeeded', charge);
  disputeWhereDue(tx, charge, method);
}

/** Takes all or part of what was authorized; the rest goes back to the payer. */
export function captureCharge(tx: AccountTransaction, charge: Charge, method: Method, amount: number): void {
  const balance_transaction = moneyIn(tx, charge, amount);
  const amount_refunded = charge.amount - amount;
  tx.update(charge, { amount_captured: amount, amount_refunded, balance_transaction, captured: true });
  tx.emit('charge.captured', charge);
  disputeWhereDue(tx, charge, method);
}

export function declineCharge(tx: AccountTransaction, charge: Charge, decline: Decline): void {
  tx.update(charge, {
    failure_code: decline.code,
    failure_message: decline.message,
    outcome: outcome(decline),
    status: 'failed',
  });
  tx.emit('charge.failed', charge);
}

function moneyIn(tx: AccountTransaction, { id, currency }: Charge, amount: number): string {
  const fee = processingFee(amount);
  return newBalanceTransaction(tx, { amount, currency, fee, source: id, type: 'charge' }).id;
}

function disputeWhereDue(tx: AccountTransaction, charge: Charge, method: Method) {
  const { dispute } = method.type === 'card' ? testCard(method._sandbox.number) : {};
  if (dispute) newDispute(tx, charge, dispute);
}
