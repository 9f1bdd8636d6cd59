import type { Stored } from '../objects.ts';
import type { Decline } from '../payment-methods/test-cards.ts';
import { pay } from '../payments/pay.ts';
import type { AccountTransaction } from '../store/account-transaction.ts';
import { followInvoice } from '../subscriptions/follow-invoice.ts';
import { openPayment } from './invoice-payment.ts';
import { markInvoicePaid } from './mark-invoice-paid.ts';
import { methodFor } from './method-for.ts';

type Invoice = Stored<'invoice'>;

const day = 86_400;

const noMethod: Decline = {
  code: 'missing',
  message:
    'This customer has no attached payment source or default payment method. Please consider adding a default payment method.',
};

/**
 * Tries to take what an open invoice is due, by the payment method told or the one it has. Answers why that failed, if it did; the
 * invoice of a subscription is then tried again on the dunning schedule. A bank debit leaves the invoice open until it is through.
 */
export async function collectInvoice(
  tx: AccountTransaction,
  invoice: Invoice,
  told?: Stored<'payment_method'>,
): Promise<Decline | undefined> {
  const open = await openPayment(tx, invoice);
  if (!open) return noMethod;
  const method = told ?? (await methodFor(tx, invoice));
  const decline = method ? await pay(tx, open.payment, method) : noMethod;
  if (decline) await recordFailure(tx, invoice, open.payment);
  else if (open.payment.status === 'succeeded') await markInvoicePaid(tx, invoice, open.payment);
  else tx.update(invoice, { attempted: true, attempt_count: invoice.attempt_count + 1 });
  return decline;
}

/** An attempt failed: the next one is set, and the subscription follows. */
export async function recordFailure(tx: AccountTransaction, invoice: Invoice, payment: Stored<'payment_intent'>) {
  const next = nextAttempt(tx, invoice);
  tx.update(invoice, {
    attempt_count: invoice.attempt_count + 1,
    attempted: true,
    auto_advance: next !== null,
    next_payment_attempt: next,
  });
  tx.schedule('invoice.retry', invoice.id, next);
  if (payment.status === 'requires_action') tx.emit('invoice.payment_action_required', invoice);
  tx.emit('invoice.payment_failed', invoice);
  await followInvoice(tx, invoice);
}

/** The first invoice of a subscription is not tried again: its customer is there to try another card. */
function nextAttempt(tx: AccountTransaction, invoice: Invoice): number | null {
  if (!invoice.parent?.subscription_details || invoice.billing_reason === 'subscription_create') return null;
  if (invoice.collection_method !== 'charge_automatically' || !invoice.auto_advance) return null;
  const days = tx.settings.dunning.retryDays[invoice.attempt_count];
  return days === undefined ? null : tx.now + days * day;
}
