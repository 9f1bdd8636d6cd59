import { finalizeAndCollect } from '../invoices/finalize-and-collect.ts';
import { finalizeInvoice } from '../invoices/finalize-invoice.ts';
import type { Purchase } from '../invoices/invoice-line.ts';
import type { Stored } from '../objects.ts';
import type { AccountTransaction } from '../store/account-transaction.ts';
import { ApiError } from '../wire/api-error.ts';
import { addIntervals } from './billing-period.ts';
import type { ItemChange } from './change-items.ts';
import { advanceLine, isMetered, usageLine } from './cycle-lines.ts';
import { followInvoice } from './follow-invoice.ts';
import { prorate, purchaseOf } from './prorate.ts';
import { newSubscriptionInvoice } from './subscription-invoice.ts';

type Subscription = Stored<'subscription'>;

export interface Billing {
  proration_behavior?: 'always_invoice' | 'create_prorations' | 'none';
  proration_date?: number;
  payment_behavior?: string;
}

/** Charges for items that changed within their period: credits and debits that wait for the next invoice, or make one now. */
export async function billWithinPeriod(
  tx: AccountTransaction,
  subscription: Subscription,
  before: Subscription,
  changes: ItemChange[],
  billing: Billing,
): Promise<void> {
  const { proration_behavior: behavior = 'create_prorations', proration_date: from = tx.now } = billing;
  if (behavior === 'none' || subscription.status === 'trialing') return;
  const items = [...subscription.items.data, ...before.items.data];
  const priced = changes.filter(isPriced);
  for (const { id, before: old, after } of priced) {
    const item = items.find((item) => item.id === id)!;
    if (old && !isMeteredPurchase(old)) await prorate(tx, subscription, item, 'Unused', old, from);
    if (after && !isMeteredPurchase(after)) await prorate(tx, subscription, item, 'Remaining', after, from);
  }
  if (behavior === 'always_invoice' && priced.length) await invoiceNow(tx, subscription, [], billing);
}

/** Ends the periods of all items now and begins new ones, billed at once; `before` tells what is credited of the old ones. */
export async function billNewPeriod(
  tx: AccountTransaction,
  subscription: Subscription,
  before: Subscription,
  billing: Billing,
): Promise<void> {
  const wasTrial = before.status === 'trialing' || before.status === 'paused';
  const { proration_behavior: behavior = 'create_prorations', proration_date: from = tx.now } = billing;
  const lines = [];
  for (const old of wasTrial ? [] : before.items.data) {
    const used = { start: old.current_period_start, end: tx.now };
    if (isMetered(old)) lines.push(await usageLine(tx, subscription, old, used));
    else if (behavior !== 'none') await prorate(tx, subscription, old, 'Unused', purchaseOf(old), from);
  }
  const items = subscription.items.data.map((item) => ({
    ...item,
    current_period_start: tx.now,
    current_period_end: addIntervals(tx.now, item.price.recurring!),
  }));
  tx.update(subscription, { billing_cycle_anchor: tx.now, items: { ...subscription.items, data: items } });
  for (const item of items) if (!isMetered(item)) lines.push(await advanceLine(tx, subscription, item));
  await invoiceNow(tx, subscription, lines, billing, wasTrial ? 'subscription_cycle' : 'subscription_update');
}

async function invoiceNow(
  tx: AccountTransaction,
  subscription: Subscription,
  lines: Awaited<ReturnType<typeof advanceLine>>[],
  { payment_behavior }: Billing,
  billing_reason: 'subscription_cycle' | 'subscription_update' = 'subscription_update',
): Promise<void> {
  const invoice = await newSubscriptionInvoice(tx, subscription, lines, { billing_reason });
  if (payment_behavior === 'default_incomplete') {
    await finalizeInvoice(tx, invoice, await tx.get('customer', subscription.customer));
    return followInvoice(tx, invoice);
  }
  const decline = await finalizeAndCollect(tx, invoice);
  if (decline && payment_behavior === 'error_if_incomplete') {
    throw new ApiError(402, { type: 'card_error', ...decline });
  }
}

function isPriced({ before, after }: ItemChange): boolean {
  return before?.price.id !== after?.price.id || before?.quantity !== after?.quantity;
}

const isMeteredPurchase = ({ price }: Purchase) => price.recurring?.usage_type === 'metered';
