import type { SubscriptionStatus } from '../../billing/subscriptions/subscription-status.ts';
import type { MovementType } from '../revenue/movement-types.ts';
import { type Fraction, zero } from './fraction.ts';
import type { MonthlyRevenue } from './monthly-revenue.ts';

/** What a subscription is worth from an instant on. */
export type Worth = MonthlyRevenue & { at: Date; status: SubscriptionStatus; currency: string };

/** What its movements have come to. */
export type Standing = MonthlyRevenue & {
  status: SubscriptionStatus;
  currency: string;
  hadRevenue: boolean;
  /** When the last movement occurred, and how many there are. */
  changedAt: Date;
  movements: number;
};

export type Movement = {
  ordinal: number;
  type: MovementType | null;
  currency: string;
  /** By how much revenue, and that of a trial, changed. */
  change: Fraction;
  trialChange: Fraction;
  statusBefore: SubscriptionStatus | null;
  statusAfter: SubscriptionStatus;
  occurredAt: Date;
};

/**
 * The movements that lead from where a subscription stands to each worth in turn: none where nothing changes. None occurs before the one
 * before. Another currency ends the revenue in one, and begins it in the other.
 * @param before null where there was none: the first worth always makes a movement.
 */
export function addMovements(before: Standing | null, worths: Worth[]): { standing: Standing; movements: Movement[] } {
  let standing = before;
  const movements: Movement[] = [];
  for (const worth of worths) {
    if (standing && standing.currency !== worth.currency)
      move({ ...worth, currency: standing.currency, mrr: zero, trialMrr: zero });
    move(worth);
  }
  return { standing: standing!, movements };

  function move({ at, status, currency, mrr, trialMrr }: Worth) {
    const isOther = standing !== null && standing.currency !== currency;
    const was = standing ?? { mrr: zero, trialMrr: zero, hadRevenue: false, changedAt: at, movements: 0 };
    const change = mrr.sub(was.mrr);
    const trialChange = trialMrr.sub(was.trialMrr);
    const isSame = standing && standing.status === status && change.equals(0) && trialChange.equals(0);
    const occurredAt = new Date(Math.max(at.getTime(), was.changedAt.getTime()));
    const hadRevenue = was.hadRevenue || mrr.gt(0);
    if (isSame) {
      if (isOther) standing = { ...standing!, currency };
      return;
    }
    const ordinal = was.movements + 1;
    movements.push({
      ordinal,
      type: change.equals(0) ? null : typeOf(was, mrr, isOther),
      currency,
      change,
      trialChange,
      statusBefore: standing?.status ?? null,
      statusAfter: status,
      occurredAt,
    });
    standing = { status, currency, mrr, trialMrr, hadRevenue, changedAt: occurredAt, movements: ordinal };
  }
}

function typeOf(was: { mrr: Fraction; hadRevenue: boolean }, mrr: Fraction, isOtherCurrency: boolean): MovementType {
  if (was.mrr.equals(0)) return was.hadRevenue && !isOtherCurrency ? 'REACTIVATION' : 'NEW';
  if (mrr.equals(0)) return 'CHURN';
  return mrr.gt(was.mrr) ? 'EXPANSION' : 'CONTRACTION';
}
