import type Stripe from 'stripe';
import { newId } from '../../ids.ts';
import { withoutRouting } from '../../ingestion/mirror/routing.ts';
import { idOf, instantOf } from '../../ingestion/mirror/seen.ts';
import type { OpenConnection } from '../../stripe/stripe-connections.ts';
import type { ReadDiscounts } from '../discounts/read-discounts.ts';
import type { KnownCustomer, KnownPrice } from './find-known-subscriptions.ts';
import { subscriptionStatusOf } from './subscription-status.ts';

/** A subscription as Stripe showed it, with our ids of the row and of what it refers to. */
export type SubscriptionState = {
  id: string;
  object: Stripe.Subscription;
  evidence: number;
  /** The second of the newest event that told of it. */
  toldAt?: number | undefined;
  customer: KnownCustomer;
  discounts: ReadDiscounts;
  /** By Stripe's ids. */
  prices: Map<string, KnownPrice>;
};

/** The columns of the subscription's row. */
export function subscriptionRowOf(connection: Pick<OpenConnection, 'id' | 'environment'>, state: SubscriptionState) {
  const { object, customer, prices } = state;
  const first = object.items.data[0];
  const periods = object.items.data.map((item) => periodOf(item, object));
  return {
    id: state.id,
    project_id: customer.projectId,
    environment: connection.environment,
    connection_id: connection.id,
    evidence: state.evidence,
    customer_id: customer.id,
    price_id: first ? prices.get(first.price.id)!.id : null,
    quantity: first?.quantity ?? null,
    stripe_subscription_id: object.id,
    currency: object.currency.toUpperCase(),
    status: subscriptionStatusOf(object.status),
    stripe_status: object.status,
    current_period_start: instantOf(outermost(Math.min, periods, 'start')),
    current_period_end: instantOf(outermost(Math.max, periods, 'end')),
    trial_start: instantOf(object.trial_start),
    trial_end: instantOf(object.trial_end),
    cancel_at_period_end: object.cancel_at_period_end,
    cancel_at: instantOf(object.cancel_at),
    canceled_at: instantOf(object.canceled_at),
    ended_at: instantOf(object.ended_at),
    pause_behavior: object.pause_collection?.behavior.toUpperCase() ?? null,
    pause_resumes_at: instantOf(object.pause_collection?.resumes_at),
    stripe_schedule_id: object.schedule ? idOf(object.schedule) : null,
    discounts: state.discounts.discounts,
    metadata: withoutRouting(object.metadata),
    created_at: instantOf(object.created),
    updated_at: new Date(),
  };
}

/** The columns of its items' rows. */
export function itemRowsOf(
  connection: Pick<OpenConnection, 'id' | 'environment'>,
  { id, object, customer, prices, discounts }: SubscriptionState,
) {
  return object.items.data.map((item) => {
    const { start, end } = periodOf(item, object);
    return {
      id: newId('psi'),
      project_id: customer.projectId,
      environment: connection.environment,
      subscription_id: id,
      price_id: prices.get(item.price.id)!.id,
      stripe_subscription_item_id: item.id,
      quantity: item.quantity ?? null,
      discounts: discounts.ofItems.get(item.id) ?? [],
      current_period_start: instantOf(start),
      current_period_end: instantOf(end),
      created_at: instantOf(item.created),
      updated_at: new Date(),
    };
  });
}

type Period = { start: number | undefined; end: number | undefined };

/** Since 2025-03-31 the period is the item's; older versions have it on the subscription. */
function periodOf(item: Partial<Stripe.SubscriptionItem>, subscription: Stripe.Subscription): Period {
  const old = subscription as { current_period_start?: number; current_period_end?: number };
  return {
    start: item.current_period_start ?? old.current_period_start,
    end: item.current_period_end ?? old.current_period_end,
  };
}

function outermost(pick: (...seconds: number[]) => number, periods: Period[], bound: keyof Period): number | null {
  const seconds = periods.flatMap((period) => period[bound] ?? []);
  return seconds.length ? pick(...seconds) : null;
}
