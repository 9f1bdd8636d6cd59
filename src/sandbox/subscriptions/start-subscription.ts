import { priceAmount } from '../catalog/price-amount.ts';
import { priceIn } from '../catalog/price-in.ts';
import { finalizeInvoice } from '../invoices/finalize-invoice.ts';
import type { Purchase } from '../invoices/invoice-line.ts';
import { itemOf, newInvoiceItem } from '../invoices/new-invoice-item.ts';
import type { Stored } from '../objects.ts';
import type { AccountTransaction } from '../store/account-transaction.ts';
import { announceSubscription } from './announce-subscription.ts';
import { advanceLine, isMetered, nameOf } from './cycle-lines.ts';
import { newSubscription } from './new-subscription.ts';
import { newSubscriptionInvoice } from './subscription-invoice.ts';

type Subscription = Stored<'subscription'>;

export interface Start {
  customer: Stored<'customer'>;
  /** Recurring prices become items; one-time prices go on the first invoice. */
  purchases: Purchase[];
  trialEnd?: number;
  /** When the first whole period begins, where that is not now: what comes before is billed as its share, or not at all. */
  anchor?: number;
  prorates?: boolean;
  /** The payment that already took what is due now. Without it, the subscription stays `incomplete` unless nothing is due. */
  payment?: Stored<'payment_intent'>;
  given: Partial<Subscription>;
  /** Of each item, in order. */
  itemMetadata?: Record<string, string>[];
  /** What is set once the periods are known. */
  adjust?: (subscription: Subscription) => void;
}

const trialWarning = 3 * 86_400;
const untilFinal = 3_600;

/** Starts a subscription and bills its first period. Collecting what is due is the caller's. */
export async function startSubscription(tx: AccountTransaction, start: Start): Promise<Subscription> {
  const { customer, purchases, trialEnd, payment } = start;
  const recurring = purchases.filter(({ price }) => price.recurring);
  const subscription = newSubscription(tx, customer, recurring, start, start.given);
  for (const [index, metadata] of (start.itemMetadata ?? []).entries()) {
    Object.assign(subscription.items.data[index]!, { metadata });
  }
  start.adjust?.(subscription);
  for (const purchase of purchases.filter(({ price }) => !price.recurring)) {
    await addOneTime(tx, customer, subscription, purchase);
  }
  const lines = [];
  for (const item of subscription.items.data) {
    const isFree = start.anchor !== undefined && start.prorates === false;
    if (!isMetered(item) && !isFree) lines.push(await advanceLine(tx, subscription, item));
  }
  if (!customer.currency)
    tx.emit('customer.updated', customer, tx.update(customer, { currency: subscription.currency }));
  const isSent = subscription.collection_method === 'send_invoice';
  const invoice = await newSubscriptionInvoice(tx, subscription, lines, {
    billing_reason: 'subscription_create',
    ...(isSent && { automatically_finalizes_at: tx.now + untilFinal }),
  });
  const isSettled = payment !== undefined || invoice.amount_due === 0;
  tx.update(subscription, { status: trialEnd ? 'trialing' : isSettled || isSent ? 'active' : 'incomplete' });
  await announceSubscription(tx, subscription, 'created');
  if (trialEnd && trialEnd - trialWarning <= tx.now) await announceSubscription(tx, subscription, 'trial_will_end');
  if (isSent && !isSettled) tx.schedule('invoice.finalize', invoice.id, invoice.automatically_finalizes_at);
  else await finalizeInvoice(tx, invoice, customer, payment);
  return subscription;
}

/** Adds a one-time price to the subscription's next invoice. */
export async function addOneTime(
  tx: AccountTransaction,
  customer: Stored<'customer'>,
  subscription: Subscription,
  { price: bought, quantity = 1 }: Purchase,
): Promise<void> {
  const price = priceIn(bought, subscription.currency);
  newInvoiceItem(tx, customer, {
    amount: priceAmount(price, quantity),
    currency: price.currency,
    description: await nameOf(tx, price),
    parent: itemOf(subscription.id),
    pricing: {
      price_details: { price: price.id, product: price.product },
      type: 'price_details',
      unit_amount_decimal: price.unit_amount_decimal,
    },
    quantity,
  });
}
