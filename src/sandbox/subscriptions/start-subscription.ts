import { priceLabel } from '../catalog/price-label.ts';
import { newId } from '../ids.ts';
import { finalizeInvoice } from '../invoices/finalize-invoice.ts';
import { type InvoiceLine, invoiceLine, type Purchase } from '../invoices/invoice-line.ts';
import { markInvoicePaid } from '../invoices/mark-invoice-paid.ts';
import { newInvoice } from '../invoices/new-invoice.ts';
import type { Stored } from '../objects.ts';
import type { AccountTransaction } from '../store/account-transaction.ts';
import { newSubscription } from './new-subscription.ts';

type Subscription = Stored<'subscription'>;

interface Start {
  customer: Stored<'customer'>;
  /** Recurring prices become items; one-time prices go on the first invoice. */
  purchases: Purchase[];
  trialEnd?: number;
  /** The payment that already took what is due now. Without it, the subscription stays `incomplete` unless nothing is due. */
  payment?: Stored<'payment_intent'>;
  given: Partial<Subscription>;
}

/** Starts a subscription and bills its first period. */
export async function startSubscription(tx: AccountTransaction, start: Start): Promise<Subscription> {
  const { customer, purchases, trialEnd, payment } = start;
  const recurring = purchases.filter(({ price }) => price.recurring);
  const latest_invoice = newId('in_1');
  const subscription = newSubscription(tx, customer, recurring, trialEnd, { ...start.given, latest_invoice });
  const lines = await firstLines(tx, subscription, purchases);
  const isPaid = payment !== undefined || lines.every(({ amount }) => amount === 0);
  tx.update(subscription, { status: trialEnd ? 'trialing' : isPaid ? 'active' : 'incomplete' });
  if (!customer.currency)
    tx.emit('customer.updated', customer, tx.update(customer, { currency: subscription.currency }));
  tx.emit('customer.subscription.created', subscription);

  const details = { metadata: subscription.metadata, subscription: subscription.id };
  const invoice = newInvoice(tx, customer, lines, {
    id: latest_invoice,
    billing_reason: 'subscription_create',
    currency: subscription.currency,
    parent: { quote_details: null, subscription_details: details, type: 'subscription_details' },
  });
  finalizeInvoice(tx, invoice, customer);
  if (isPaid) markInvoicePaid(tx, invoice, payment);
  return subscription;
}

async function firstLines(tx: AccountTransaction, subscription: Subscription, purchases: Purchase[]) {
  const lines: InvoiceLine[] = [];
  const { id, metadata, trial_end } = subscription;
  for (const item of subscription.items.data) {
    const { price, quantity } = item;
    const { name } = await tx.get('product', price.product);
    const period = { start: item.current_period_start, end: item.current_period_end };
    const description = trial_end ? `Trial period for ${name}` : recurringDescription(name, price, quantity);
    const context = { description, period, subscription: id, item: item.id, metadata, free: trial_end !== null };
    lines.push(invoiceLine({ price, quantity }, context));
  }
  for (const purchase of purchases.filter(({ price }) => !price.recurring)) {
    const { name } = await tx.get('product', purchase.price.product);
    const period = { start: tx.now, end: tx.now };
    lines.push(invoiceLine(purchase, { description: name, period, subscription: id }));
  }
  return lines;
}

/** As Stripe writes it: `2 × Pro (at $15.00 / month)`. */
function recurringDescription(name: string, price: Stored<'price'>, quantity: number | undefined): string {
  return `${quantity ?? 0} × ${name} (at ${priceLabel(price)})`;
}
