import type { SubscriptionStatus } from '../../billing/subscriptions/subscription-status.ts';
import type { Standing, Worth } from '../rules/add-movements.ts';
import type { BilledPrice } from '../rules/billed-subscription.ts';
import { fraction, textOf } from '../rules/fraction.ts';
import type { StoredStep } from './stored-step.ts';

/** A row of subscription_revenue as `storedRevenue` answers it. Fractions are text, since JSON's numbers are none. */
export type StoredRevenue = {
  status: SubscriptionStatus;
  currency: string;
  mrr: string;
  trialMrr: string;
  hadRevenue: boolean;
  movements: number;
  changedAt: string;
  steps: StoredStep[];
  onTestClock: boolean;
};

/** SQL: a row of subscription_revenue, of the alias `r`. */
export const storedRevenue = `jsonb_build_object(
  'status', r.status, 'currency', r.currency, 'hadRevenue', r.had_revenue, 'movements', r.movements,
  'mrr', r.mrr_numerator::text || '/' || r.mrr_denominator, 'trialMrr', r.trial_numerator::text || '/' || r.trial_denominator,
  'changedAt', r.changed_at, 'steps', r.steps, 'onTestClock', r.on_test_clock)`;

/** SQL: what the revenue of a row of price, of the alias `p`, depends on, as a BilledPrice. */
export const billedPrice = `jsonb_build_object(
  'type', p.type, 'currency', p.currency, 'unitAmountDecimal', p.unit_amount_decimal::text, 'usageType', p.usage_type,
  'recurringInterval', p.recurring_interval, 'recurringIntervalCount', p.recurring_interval_count,
  'tiersMode', p.tiers_mode, 'tiers', p.tiers, 'transformQuantity', p.transform_quantity, 'currencyOptions', p.currency_options,
  'stripeProductId', (select stripe_product_id from product where product.id = p.product_id))`;

export type Prices = ReadonlyMap<string, BilledPrice>;

export const standingOf = ({ mrr, trialMrr, changedAt, ...standing }: StoredRevenue): Standing => ({
  status: standing.status,
  currency: standing.currency,
  hadRevenue: standing.hadRevenue,
  movements: standing.movements,
  mrr: fraction(mrr),
  trialMrr: fraction(trialMrr),
  changedAt: new Date(changedAt),
});

export const stepOf = ({ at, mrr, trialMrr }: Worth): StoredStep => ({
  at: at.toISOString(),
  mrr: textOf(mrr),
  trialMrr: textOf(trialMrr),
});

/** What a step makes of the subscription. */
export const worthOfStep = (
  { at, mrr, trialMrr }: StoredStep,
  { status, currency }: Pick<StoredRevenue, 'status' | 'currency'>,
): Worth => ({ at: new Date(at), status, currency, mrr: fraction(mrr), trialMrr: fraction(trialMrr) });
