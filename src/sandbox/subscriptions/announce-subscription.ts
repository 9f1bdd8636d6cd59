import { refreshEntitlements } from '../entitlements/refresh-entitlements.ts';
import type { Stored } from '../objects.ts';
import type { AccountTransaction } from '../store/account-transaction.ts';
import { previousAttributes } from '../store/previous-attributes.ts';

type Subscription = Stored<'subscription'>;
type Happening = 'created' | 'deleted' | 'paused' | 'resumed' | 'trial_will_end';

const untilExpiry = 23 * 3_600;
const trialWarning = 3 * 86_400;
const renewalWarning = 7 * 86_400;

/** Says what happened to a subscription, and sets what happens to it next. */
export async function announceSubscription(tx: AccountTransaction, subscription: Subscription, what: Happening) {
  tx.emit(`customer.subscription.${what}`, subscription);
  await follow(tx, subscription);
}

/** Says that a subscription is not what it was `before`, a copy of it; nothing where it is the same. */
export async function announceChange(tx: AccountTransaction, subscription: Subscription, before: Subscription) {
  const previous = previousAttributes(before, subscription);
  if (previous) tx.emit('customer.subscription.updated', subscription, previous);
  await follow(tx, subscription);
}

async function follow(tx: AccountTransaction, subscription: Subscription): Promise<void> {
  const { id, status, ended_at, cancel_at, created, pause_collection, trial_end } = subscription;
  const isOver = ended_at !== null;
  const runs = !isOver && status !== 'incomplete' && status !== 'paused';
  const warnAt = status === 'trialing' && trial_end ? trial_end - trialWarning : 0;
  tx.schedule('subscription.renew', id, runs ? nextPeriodEnd(subscription) : null);
  const renewal = runs && cancel_at === null ? nextPeriodEnd(subscription) - renewalWarning : 0;
  tx.schedule('subscription.upcoming', id, renewal > tx.now ? renewal : null);
  tx.schedule('subscription.cancel', id, isOver ? null : cancel_at);
  tx.schedule('subscription.expire', id, status === 'incomplete' ? created + untilExpiry : null);
  tx.schedule('subscription.resume_collection', id, isOver ? null : (pause_collection?.resumes_at ?? null));
  tx.schedule('subscription.trial_will_end', id, warnAt > tx.now ? warnAt : null);
  await refreshEntitlements(tx, subscription.customer);
}

export function nextPeriodEnd({ items }: Subscription): number {
  return Math.min(...items.data.map(({ current_period_end }) => current_period_end));
}

export function lastPeriodEnd({ items }: Subscription): number {
  return Math.max(...items.data.map(({ current_period_end }) => current_period_end));
}
