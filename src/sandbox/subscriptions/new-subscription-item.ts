import type Stripe from 'stripe';
import { newId } from '../ids.ts';
import type { Purchase } from '../invoices/invoice-line.ts';
import type { Stored, Wire } from '../objects.ts';
import type { AccountTransaction } from '../store/account-transaction.ts';

type Item = Wire<Stripe.SubscriptionItem>;

export function newSubscriptionItem(
  tx: AccountTransaction,
  subscription: string,
  { price, quantity }: Purchase,
  period: { start: number; end: number },
): Item {
  return {
    id: newId('si_', 14),
    object: 'subscription_item',
    billing_thresholds: null,
    created: tx.now,
    current_period_end: period.end,
    current_period_start: period.start,
    current_trial: null,
    discounts: [],
    metadata: {},
    plan: planOf(price),
    price,
    ...(quantity !== undefined && { quantity }),
    subscription,
    tax_rates: [],
  };
}

/** The item with another price or quantity. */
export function withPurchase({ quantity: _, ...item }: Item, { price, quantity }: Purchase): Item {
  return { ...item, plan: planOf(price), price, ...(quantity !== undefined && { quantity }) };
}

/** The price in the words of Stripe's older plans, which items still carry. */
function planOf(price: Stored<'price'>): Item['plan'] {
  const recurring = price.recurring!;
  return {
    id: price.id,
    object: 'plan',
    active: price.active,
    amount: price.unit_amount,
    amount_decimal: price.unit_amount_decimal,
    billing_scheme: price.billing_scheme,
    created: price.created,
    currency: price.currency,
    interval: recurring.interval,
    interval_count: recurring.interval_count,
    livemode: false,
    metadata: price.metadata,
    meter: recurring.meter,
    nickname: price.nickname,
    product: price.product,
    tiers_mode: price.tiers_mode,
    transform_usage: null,
    trial_period_days: recurring.trial_period_days,
    usage_type: recurring.usage_type,
  };
}
