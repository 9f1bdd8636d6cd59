import { isDeepStrictEqual } from 'node:util';
import type { MirroredDiscount } from '../../billing/discounts/discount.ts';
import type { Environment } from '../../environment.ts';
import { addMovements, type Movement, type Standing } from '../rules/add-movements.ts';
import { changedAt } from '../rules/changed-at.ts';
import { billedSubscription, type RevenueFacts } from '../rules/revenue-facts.ts';
import { latestInstant, shownLife } from '../rules/shown-life.ts';
import { worthsAfter, worthsBetween } from '../rules/worths.ts';
import { type Prices, type StoredRevenue, standingOf, stepOf, worthOfStep } from './stored-revenue.ts';
import type { StoredStep } from './stored-step.ts';

/** A subscription whose revenue may have changed. */
export type RevenueLook = {
  subscription: { id: string; projectId: string; environment: Environment; customerId: string; createdAt: Date };
  /** What it said before, where that is known: null leaves it to `since`. */
  before: RevenueFacts | null;
  after: RevenueFacts;
  stored: StoredRevenue | null;
  /** By our ids: all that the items name. */
  prices: Prices;
  customerDiscount: MirroredDiscount | null;
  /** Until when it was provably so; null where only the subscription itself says, as under a test clock. */
  seenAt: Date | null;
  /** Without `before`: since when it is so. When its revenue last changed, where nothing is said. */
  since?: Date | null;
  onTestClock: boolean;
};

export type RevenueChange = {
  subscription: RevenueLook['subscription'];
  standing: Standing;
  movements: Movement[];
  steps: StoredStep[];
  onTestClock: boolean;
};

/** What is to be written of a subscription's revenue; null where nothing of it changed. */
export function changeRevenue(look: RevenueLook): RevenueChange | null {
  const { subscription, before, after, stored, prices, customerDiscount, onTestClock } = look;
  const billed = billedSubscription(after, prices, customerDiscount);
  const life = { ...instantsOf(after), createdAt: subscription.createdAt };
  const seenAt = latest(look.seenAt ?? latestInstant(billed, life), subscription.createdAt);
  if (!stored) {
    const { standing, movements } = addMovements(null, shownLife(billed, life, seenAt));
    return { subscription, standing, movements, steps: worthsAfter(billed, seenAt).map(stepOf), onTestClock };
  }
  const last = standingOf(stored);
  const said = before ? changedAt(before, after, seenAt) : (look.since ?? last.changedAt);
  // What follows is not told as if it came before: time has gone on since then.
  const at = latest(said, last.changedAt);
  const until = latest(seenAt, at);
  const due = stored.steps.map((step) => worthOfStep(step, stored)).filter((step) => step.at <= at);
  const { standing, movements } = addMovements(last, [...due, ...worthsBetween(billed, at, until)]);
  const steps = worthsAfter(billed, until).map(stepOf);
  const isSame = standing === last && isDeepStrictEqual(steps, stored.steps);
  return isSame ? null : { subscription, standing, movements, steps, onTestClock };
}

function instantsOf({ trialStart, trialEnd, canceledAt, endedAt, currentPeriodStart }: RevenueFacts) {
  return {
    trialStart: instant(trialStart),
    trialEnd: instant(trialEnd),
    canceledAt: instant(canceledAt),
    endedAt: instant(endedAt),
    currentPeriodStart: instant(currentPeriodStart),
  };
}

const instant = (text: string | null) => (text ? new Date(text) : null);
const latest = (one: Date, other: Date) => (one > other ? one : other);
