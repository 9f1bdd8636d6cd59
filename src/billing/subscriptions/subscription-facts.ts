import { type FactColumns, type Facts, factsOf } from '../../ingestion/billing-events/facts.ts';

type Row = Record<string, unknown>;

/** What a subscription's row and those of its items say. Items stand by Stripe's ids; prices by ours. */
export function subscriptionFacts(row: Row, items: Row[]): Facts {
  const ofItems = items.map((item) => factsOf(item, itemColumns));
  return { ...factsOf(row, columns), items: ofItems.sort((a, b) => (idOf(a) < idOf(b) ? -1 : 1)) };
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
  values: { stripe_subscription_item_id: 'stripeSubscriptionItemId', price_id: 'price', quantity: 'quantity' },
  instants: { current_period_start: 'currentPeriodStart', current_period_end: 'currentPeriodEnd' },
};
