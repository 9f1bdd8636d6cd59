import type Stripe from 'stripe';
import { newId } from '../../ids.ts';
import { idOf, type Seen, type SyncOutcome, type SyncTools } from '../../ingestion/mirror/seen.ts';
import { readSubscriptionDiscounts } from '../discounts/read-discounts.ts';
import { findKnownSubscriptions, type KnownSubscriptions } from './find-known-subscriptions.ts';
import { discountsIn } from './subscription-facts.ts';
import { type SubscriptionWrite, writeSubscriptions } from './write-subscriptions.ts';

type SeenSubscription = Seen<Stripe.Subscription>;

/**
 * Brings Stripe's subscriptions to our rows, each into the project of its customer. In sets, by few statements: this is what
 * storms are made of. What follows from the difference of old and new is recorded in the same transaction.
 */
export async function syncSubscriptions(tools: SyncTools, seen: SeenSubscription[]): Promise<SyncOutcome[]> {
  const known = await findKnownSubscriptions(tools, seen);
  const decisions = seen.map((one) => decide(known, one));
  const writes = decisions.filter((decision) => typeof decision === 'object' && 'state' in decision);
  const written = await writeSubscriptions(tools, writes);
  return decisions.map((decision) => {
    if (typeof decision === 'string' || 'missing' in decision) return decision;
    return written.has(decision.state.id) ? 'applied' : 'overtaken';
  });
}

function decide(
  known: KnownSubscriptions,
  { id, object, evidence, toldAt, mayReplace }: SeenSubscription,
): SyncOutcome | SubscriptionWrite {
  const before = known.rows.get(id) ?? null;
  if (!mayReplace(before?.evidence ?? 0)) return 'overtaken';
  if (!object) return 'ignored';
  const customerId = idOf(object.customer);
  const customer = known.customers.get(customerId);
  if (!customer)
    return { missing: [{ object: 'customer', id: customerId, projectHint: known.routing?.named(object.metadata) }] };
  const missing = object.items.data.map(({ price }) => price.id).filter((id) => !known.prices.has(id));
  if (missing.length)
    return { missing: missing.map((id) => ({ object: 'price', id, projectHint: customer.projectId })) };
  const discounts = readSubscriptionDiscounts(object, discountsIn(before?.facts));
  // An event's copy names them, and they are new: Stripe is asked what they give.
  if (!discounts) return 'overtaken';
  const state = { id: before?.id ?? newId('ps'), object, evidence, toldAt, customer, prices: known.prices, discounts };
  return { state, before };
}
