import type { RevenueFacts } from '../../analytics/rules/revenue-facts.ts';
import { type FactColumns, type Facts, factsOf } from '../../ingestion/billing-events/facts.ts';
import type { ReadDiscounts } from '../discounts/read-discounts.ts';

type Row = Record<string, unknown>;

/** What a subscription's row and those of its items say. Items stand by Stripe's ids; prices by ours. */
export function subscriptionFacts(row: Row, items: Row[]): Facts {
  const ofItems = items.map((item) => factsOf(item, itemColumns));
  return { ...factsOf(row, columns), items: ofItems.sort((a, b) => (idOf(a) < idOf(b) ? -1 : 1)) };
}

/** The discounts that the facts tell of; none without facts. */
export function discountsIn(facts?: Facts): ReadDiscounts {
  const { discounts = [], items = [] } = (facts ?? {}) as Partial<RevenueFacts>;
  const ofItems = items.map((item) => [item.stripeSubscriptionItemId, item.discounts] as const);
  return { discounts, ofItems: new Map(ofItems) };
}

const idOf = (item: Facts) => String(item.stripeSubscriptionItemId);

const columns: FactColumns = {
  values: {
    status: 'status',
    stripe_status: 'stripeStatus',
    price_id: 'price',
    quantity: 'quantity',
    cancel_at_period_end: 'cancelAtPeriodEnd',
    pause_behavior: 'pauseBehavior',
    currency: 'currency',
    discounts: 'discounts',
    metadata: 'metadata',
  },
  instants: {
    current_period_start: 'currentPeriodStart',
    current_period_end: 'currentPeriodEnd',
    trial_start: 'trialStart',
    trial_end: 'trialEnd',
    cancel_at: 'cancelAt',
    canceled_at: 'canceledAt',
    ended_at: 'endedAt',
    pause_resumes_at: 'pauseResumesAt',
  },
};

const itemColumns: FactColumns = {
  values: {
    stripe_subscription_item_id: 'stripeSubscriptionItemId',
    price_id: 'price',
    quantity: 'quantity',
    discounts: 'discounts',
  },
  instants: { current_period_start: 'currentPeriodStart', current_period_end: 'currentPeriodEnd' },
};
