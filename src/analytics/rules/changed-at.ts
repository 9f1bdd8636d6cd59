import { isDeepStrictEqual } from 'node:util';
import type { SubscriptionStatus } from '../../billing/subscriptions/subscription-status.ts';
import type { RevenueFacts } from './revenue-facts.ts';

/**
 * Since when a subscription is as it is, where it was something else before: what it says itself, where it does.
 * @param seenAt when its change was told: an event's time, or that of Stripe's answer.
 */
export function changedAt(before: RevenueFacts, after: RevenueFacts, seenAt: Date): Date {
  return instant(ownWord(before, after)) ?? seenAt;
}

function ownWord(before: RevenueFacts, after: RevenueFacts): string | null {
  if (before.status !== after.status) {
    if (finalStatuses.includes(after.status)) return after.endedAt ?? after.canceledAt;
    if (before.status === 'TRIALING') return after.trialEnd;
    return after.status === 'TRIALING' ? after.trialStart : null;
  }
  if (!isDeepStrictEqual(billedOf(before), billedOf(after)))
    return before.currentPeriodStart === after.currentPeriodStart ? null : after.currentPeriodStart;
  return startOfNewDiscount(before, after);
}

const finalStatuses: readonly SubscriptionStatus[] = ['CANCELED', 'INCOMPLETE_EXPIRED'];

const billedOf = ({ items, currency, pauseBehavior }: RevenueFacts) => ({
  currency,
  isPaused: pauseBehavior !== null,
  items: items.map(({ stripeSubscriptionItemId, price, quantity }) => ({ stripeSubscriptionItemId, price, quantity })),
});

/** Of the discounts that came, the last one's. */
function startOfNewDiscount(before: RevenueFacts, after: RevenueFacts): string | null {
  const known = new Set(discountsOf(before).map(({ id }) => id));
  const starts = discountsOf(after).flatMap(({ id, start }) => (known.has(id) ? [] : start));
  return starts.sort().at(-1) ?? null;
}

const discountsOf = ({ discounts, items }: RevenueFacts) => [...discounts, ...items.flatMap((item) => item.discounts)];

const instant = (text: string | null) => (text ? new Date(text) : null);
