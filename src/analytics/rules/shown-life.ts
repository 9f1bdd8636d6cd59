import type { SubscriptionStatus } from '../../billing/subscriptions/subscription-status.ts';
import type { Worth } from './add-movements.ts';
import type { BilledSubscription } from './billed-subscription.ts';
import { worthsBetween } from './worths.ts';

/** What a subscription shows of its life, by Stripe's clock. */
export type ShownLife = {
  createdAt: Date;
  trialStart: Date | null;
  trialEnd: Date | null;
  canceledAt: Date | null;
  endedAt: Date | null;
};

type Phase = { at: Date; status: SubscriptionStatus; isPaused: boolean };

/**
 * What a subscription has been worth, where it is seen for the first time, however late: from its making on, in its trial, after it, since it
 * ended. What it billed meanwhile is taken to be what it bills now: it shows nothing else.
 * @param seenAt since when it is as it is, where it does not show that.
 */
export function shownLife(subscription: BilledSubscription, life: ShownLife, seenAt: Date): Worth[] {
  const phases = phasesOf(subscription, life, seenAt);
  return phases.flatMap(({ at, ...phase }, index) => {
    const until = phases[index + 1]?.at ?? seenAt;
    const worths = worthsBetween({ ...subscription, ...phase }, at, until);
    return worths.filter((worth, place) => place === 0 || index + 1 === phases.length || worth.at < until);
  });
}

function phasesOf({ status, isPaused }: BilledSubscription, life: ShownLife, seenAt: Date): Phase[] {
  const { createdAt, trialStart, trialEnd, canceledAt, endedAt } = life;
  const end = endedAt ?? (status === 'CANCELED' ? canceledAt : null);
  const isOver = trialEnd !== null && status !== 'TRIALING' && (!end || trialEnd < end);
  const phases: Phase[] = [];
  const enter = (at: Date, status: SubscriptionStatus, isPaused = false) => {
    const last = phases.at(-1);
    if (last?.status === status && last.isPaused === isPaused) return;
    phases.push({ at: new Date(Math.max(at.getTime(), last?.at.getTime() ?? 0)), status, isPaused });
  };
  if (!trialStart || trialStart > createdAt) enter(createdAt, begun[status] ?? status);
  if (trialStart) enter(trialStart > createdAt ? trialStart : createdAt, 'TRIALING');
  if (isOver && trialEnd) enter(trialEnd, status === 'PAUSED' ? status : (begun[status] ?? status));
  enter(end ?? seenAt, status, isPaused);
  return phases;
}

/** What it was before it came to be what it is now. */
const begun: Partial<Record<SubscriptionStatus, SubscriptionStatus>> = {
  INCOMPLETE_EXPIRED: 'INCOMPLETE',
  CANCELED: 'ACTIVE',
  UNPAID: 'ACTIVE',
  PAUSED: 'ACTIVE',
  TRIALING: 'ACTIVE',
};

/** The last instant that a subscription shows to be past: under a test clock nothing else says what time it is. */
export function latestInstant(
  { status, discounts, items }: BilledSubscription,
  {
    createdAt,
    trialStart,
    trialEnd,
    canceledAt,
    endedAt,
    currentPeriodStart,
  }: ShownLife & { currentPeriodStart: Date | null },
): Date {
  const starts = [...discounts, ...items.flatMap((item) => item.discounts)].map(({ start }) => new Date(start));
  const ofTrial = [trialStart, status === 'TRIALING' ? null : trialEnd];
  const past = [createdAt, ...ofTrial, canceledAt, endedAt, currentPeriodStart, ...starts];
  return new Date(Math.max(...past.map((at) => at?.getTime() ?? 0)));
}
