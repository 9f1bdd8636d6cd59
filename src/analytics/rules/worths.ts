import type { Worth } from './add-movements.ts';
import type { BilledSubscription } from './billed-subscription.ts';
import { discountEnds, monthlyRevenue } from './monthly-revenue.ts';

/** What a subscription is worth from an instant on, and after each end of a discount until the other, which counts as well. */
export function worthsBetween(subscription: BilledSubscription, from: Date, until: Date): Worth[] {
  const ends = discountEnds(subscription, from).filter((end) => end <= until);
  return [from, ...ends].map((at) => worthAt(subscription, at));
}

/** What becomes of it by time alone after an instant: discounts end. Only what changes it. */
export function worthsAfter(subscription: BilledSubscription, after: Date): Worth[] {
  let last = worthAt(subscription, after);
  return discountEnds(subscription, after).flatMap((end) => {
    const worth = worthAt(subscription, end);
    const isSame = worth.mrr.equals(last.mrr) && worth.trialMrr.equals(last.trialMrr);
    last = worth;
    return isSame ? [] : [worth];
  });
}

function worthAt(subscription: BilledSubscription, at: Date): Worth {
  const { status, currency } = subscription;
  return { at, status, currency, ...monthlyRevenue(subscription, at) };
}
