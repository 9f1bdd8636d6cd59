import Fraction from 'fraction.js';
import { type SubscriptionStatus, subscriptionStatuses } from '../../billing/subscriptions/subscription-status.ts';
import { fractionOf } from '../metrics/exact.ts';
import { type Changes, netOf, noChanges } from '../metrics/metrics.ts';
import type { MovementType } from '../revenue/movement-types.ts';

/** How many customers pay; and how many pay or try, where a trial is taken to be paid for. */
export type Payers = { payingCustomers: number; payingOrTryingCustomers: number };

export type StatusCounts = Record<SubscriptionStatus, number>;

/** Where a currency stands at an instant, exactly. */
export type Standing = Payers & {
  mrr: Fraction;
  trialMrr: Fraction;
  payingSubscriptions: number;
  /** How many subscriptions have each status. */
  statuses: StatusCounts;
};

/** Movements of a currency that are alike, summed. PostgreSQL has no fractions: numerators are summed by denominator, which is exact. */
export type Moved = {
  currency: string;
  day: string;
  type: MovementType | null;
  statusBefore: SubscriptionStatus | null;
  statusAfter: SubscriptionStatus;
  numerator: string;
  denominator: string;
  trialNumerator: string;
  trialDenominator: string;
  movements: number;
};

export const nothing = (): Standing => ({
  mrr: new Fraction(0),
  trialMrr: new Fraction(0),
  payingSubscriptions: 0,
  statuses: Object.fromEntries(subscriptionStatuses.map((status) => [status, 0])) as StatusCounts,
  ...nobody(),
});

export const nobody = (): Payers => ({ payingCustomers: 0, payingOrTryingCustomers: 0 });

export const addPayers = (to: Payers, more: Payers[]): Payers => ({
  payingCustomers: more.reduce((sum, { payingCustomers }) => sum + payingCustomers, to.payingCustomers),
  payingOrTryingCustomers: more.reduce(
    (sum, { payingOrTryingCustomers }) => sum + payingOrTryingCustomers,
    to.payingOrTryingCustomers,
  ),
});

/** Where a currency stands after movements of it, and what they changed. @param more how many customers more pay since. */
export function move(before: Standing, moved: Moved[], more: Payers[]): Standing & { changes: Changes } {
  const changes = noChanges();
  const statuses = { ...before.statuses };
  let { trialMrr, payingSubscriptions } = before;
  for (const { type, movements, statusBefore, statusAfter, ...of } of moved) {
    trialMrr = trialMrr.add(fractionOf(of.trialNumerator, of.trialDenominator));
    statuses[statusAfter] += movements;
    if (statusBefore) statuses[statusBefore] -= movements;
    if (!type) continue;
    changes[type] = changes[type].add(fractionOf(of.numerator, of.denominator));
    if (type === 'CHURN') payingSubscriptions -= movements;
    if (type === 'NEW' || type === 'REACTIVATION') payingSubscriptions += movements;
  }
  const mrr = before.mrr.add(netOf(changes));
  return { mrr, trialMrr, payingSubscriptions, statuses, ...addPayers(before, more), changes };
}
